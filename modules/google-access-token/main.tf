locals {
  rotation = {
    archive = "${path.module}/../function/archives/google-access-token.zip"
    environment = {
      for name, value in {
        GOOGLE_SERVICE_ACCOUNT        = var.service_account
        GOOGLE_SCOPES                 = join(" ", var.scopes)
        GOOGLE_TOKEN_LIFETIME_SECONDS = tostring(var.lifetime_seconds)
        GOOGLE_TOKEN_FIELD            = var.field
        GOOGLE_SUBJECT                = var.subject
        GOOGLE_DELEGATES              = length(var.delegates) > 0 ? join(" ", var.delegates) : null
        GOOGLE_QUOTA_PROJECT          = var.quota_project
        GOOGLE_ENDPOINT_URL           = var.endpoint_url
        WORKLOAD_IDENTITY_AUDIENCE    = var.credentials.workload_identity_audience
        CREDENTIALS_SECRET_ARN        = var.credentials.secret_arn
      } : name => value if value != null
    }
    shared_environment = {}
    statements = concat(
      [for arn in var.credentials.secret_arn[*] : {
        sid       = "ReadTheCredentials"
        actions   = ["secretsmanager:GetSecretValue"]
        resources = [arn]
      }],
      [for arn in var.credentials.kms_key_arn[*] : {
        sid       = "UseTheKeyOfTheCredentials"
        actions   = ["kms:Decrypt"]
        resources = [arn]
        conditions = [
          { test = "StringLike", variable = "kms:ViaService", values = ["secretsmanager.*.amazonaws.com"] },
          { test = "StringEquals", variable = "kms:EncryptionContext:SecretARN", values = var.credentials.secret_arn[*] },
        ]
      }],
    )
    format                 = "json"
    needs_initial          = false
    reads_earlier_versions = false
    token_lifetime_seconds = var.lifetime_seconds
    target_ports           = []
  }
}
