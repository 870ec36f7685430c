locals {
  # As AWS's rotation templates.
  excluded_by_default = "/@\"'\\"
  rotated_fields      = var.format == "json" ? compact(coalesce(var.fields, ["password"])) : []

  rotation = {
    archive = "${path.module}/../function/archives/password.zip"
    environment = merge(
      { SECRET_FORMAT = var.format },
      var.format == "json" ? { PASSWORD_FIELDS = join(",", local.rotated_fields) } : {},
      local.password_environment,
    )
    shared_environment = {}
    statements         = []
    format             = var.format
    fields             = local.rotated_fields
    # Rotation adds a field to an object, and no object.
    needs_initial          = anytrue([for field in local.rotated_fields : startswith(field, "/") ? length(split("/", field)) > 2 : strcontains(field, ".")])
    reads_earlier_versions = false
    target_ports           = []
  }
}
