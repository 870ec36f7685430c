# A token of Auth0 that lives a day, and is renewed every twelve hours.

provider "aws" {
  region = "us-east-1"
}

module "client" {
  source = "../../modules/static-secret"

  name              = "orders/client"
  has_first_version = false # put by hand: { "client_id": "…", "client_secret": "…" }
}

module "token" {
  source = "../../modules/oauth-token"

  name             = "orders/token"
  auth0            = { domain = "my-tenant.eu.auth0.com" }
  audience         = "https://api.example.com"
  credentials      = { secret_arn = module.client.secret_arn }
  lifetime_seconds = 86400
  schedule         = { rate_hours = 12 }
}

output "secret_arn" {
  description = "What the application reads."
  value       = module.token.secret_arn
}
