locals {
  parameters = var.auth0 == null || try(var.auth0.organization, null) == null ? var.parameters : merge(var.parameters, { organization = var.auth0.organization })

  other_secrets = {
    Credentials       = var.credentials
    Introspection     = var.introspection_credentials
    ClientCertificate = var.tls.client_certificate
  }

  rotation = {
    archive = "${path.module}/../function/archives/oauth-token.zip"
    environment = {
      for name, value in {
        # Auth0's issuer ends in a slash.
        OAUTH_ISSUER                        = var.auth0 == null ? var.issuer : "https://${var.auth0.domain}/"
        OAUTH_TOKEN_ENDPOINT                = var.token_endpoint
        OAUTH_JWKS_URI                      = var.jwks_uri
        OAUTH_INTROSPECTION_ENDPOINT        = var.introspection_endpoint
        OAUTH_AUDIENCE                      = var.audience
        OAUTH_RESOURCE                      = var.resource
        OAUTH_SCOPE                         = var.scope
        OAUTH_AUTHENTICATION                = coalesce(var.authentication, var.auth0 == null ? "client_secret_basic" : "client_secret_post")
        OAUTH_PROOF                         = var.proof
        OAUTH_PROBE_URL                     = var.probe_url
        OAUTH_PROBE_HEADER                  = var.probe_header
        OAUTH_PROXY                         = var.proxy
        OAUTH_PARAMETERS                    = local.parameters == null ? null : jsonencode(local.parameters)
        OAUTH_LIFETIME_SECONDS              = var.lifetime_seconds == null ? null : tostring(var.lifetime_seconds)
        OAUTH_ASSERTION_AUDIENCE            = try(var.assertion.audience, null)
        OAUTH_ASSERTION_ALGORITHM           = try(var.assertion.algorithm, null)
        OAUTH_ASSERTION_KEY_ID              = try(var.assertion.key_id, null)
        OAUTH_ASSERTION_THUMBPRINT          = try(var.assertion.thumbprint, null)
        OAUTH_TLS_CA                        = var.tls.ca
        CREDENTIALS_SECRET_ARN              = var.credentials.secret_arn
        OAUTH_INTROSPECTION_SECRET_ARN      = try(var.introspection_credentials.secret_arn, null)
        OAUTH_CLIENT_CERTIFICATE_SECRET_ARN = try(var.tls.client_certificate.secret_arn, null)
      } : name => value if value != null
    }
    shared_environment = {}
    statements = flatten([
      for whose in ["Credentials", "Introspection", "ClientCertificate"] : [
        for secret in local.other_secrets[whose][*] : concat(
          [{ sid = "ReadThe${whose}", actions = ["secretsmanager:GetSecretValue"], resources = [secret.secret_arn] }],
          [for arn in secret.kms_key_arn[*] : {
            sid       = "UseTheKeyOfThe${whose}"
            actions   = ["kms:Decrypt"]
            resources = [arn]
            conditions = [
              { test = "StringLike", variable = "kms:ViaService", values = ["secretsmanager.*.amazonaws.com"] },
              { test = "StringEquals", variable = "kms:EncryptionContext:SecretARN", values = [secret.secret_arn] },
            ]
          }],
        )
      ]
    ])
    format                 = "json"
    needs_initial          = false
    reads_earlier_versions = false
    token_lifetime_seconds = var.lifetime_seconds
    target_ports           = []
  }
}
