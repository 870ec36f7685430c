locals {
  # As AWS's rotation templates.
  excluded_by_default = "/@\"'\\"

  rotation = {
    archive = "${path.module}/../function/archives/password.zip"
    environment = merge(
      { SECRET_FORMAT = var.format },
      var.format == "json" ? { PASSWORD_FIELDS = join(",", coalesce(var.fields, ["password"])) } : {},
      local.password_environment,
    )
    shared_environment     = {}
    statements             = []
    format                 = var.format
    needs_initial          = false
    reads_earlier_versions = false
    target_ports           = []
  }
}
