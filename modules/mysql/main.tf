locals {
  # As AWS's template for PostgreSQL: characters that end a password in a connection URL, or a string in SQL.
  excluded_by_default = ":/@\"'\\"

  administrators = concat(var.admin[*], var.admins)
  # Null is AWS's own key, which no policy has to name.
  administrators_keys = distinct(local.administrators[*].kms_key_arn)

  rotation = {
    archive = "${path.module}/../function/archives/mysql.zip"
    environment = merge(
      { ROTATION_STRATEGY = var.strategy },
      {
        for name, value in {
          ADMINS          = length(local.administrators) > 0 ? local.administrators_json : null
          USER_HOST       = var.user_host
          USERS           = length(var.users) > 0 ? jsonencode(var.users) : null
          URL_FIELDS      = length(var.url_fields) > 0 ? join(",", var.url_fields) : null
          SECRET_FORMAT   = var.format == "text" ? "text" : null
          TLS_CA          = var.tls.ca
          TLS_SERVERNAME  = var.tls.servername
          ALLOW_PLAINTEXT = var.allow_plaintext ? "true" : null
        } : name => value if value != null
      },
      local.password_environment,
    )
    shared_environment = length(local.administrators) > 0 ? { SECRET_NAME_PREFIX = try(var.fleet.secret_name_prefix, "") } : {}
    # One statement for each key: a key opens for the secrets that were declared with it alone.
    statements = flatten([
      for index, key in local.administrators_keys : concat(
        [{
          sid       = "ReadTheAdministrator${index == 0 ? "" : index + 1}"
          actions   = ["secretsmanager:GetSecretValue"]
          resources = [for admin in local.administrators : admin.secret_arn if admin.kms_key_arn == key]
        }],
        [for arn in key[*] : {
          sid       = "UseTheKeyOfTheAdministrator${index == 0 ? "" : index + 1}"
          actions   = ["kms:Decrypt"]
          resources = [arn]
          conditions = [
            { test = "StringLike", variable = "kms:ViaService", values = ["secretsmanager.*.amazonaws.com"] },
            {
              test     = "StringEquals"
              variable = "kms:EncryptionContext:SecretARN"
              values   = [for admin in local.administrators : admin.secret_arn if admin.kms_key_arn == key]
            },
          ]
        }],
      )
    ])
    format                 = var.format
    needs_initial          = true
    reads_earlier_versions = length(local.administrators) == 0
    target_ports           = [3306]
  }

  # As the function reads it: what is not given is left out.
  administrators_json = jsonencode([
    for admin in local.administrators : { for name, value in {
      secretArn = jsonencode(admin.secret_arn)
      host      = admin.host == null ? null : jsonencode(admin.host)
      port      = admin.port == null ? null : jsonencode(admin.port)
    } : name => jsondecode(value) if value != null }
  ])
}
