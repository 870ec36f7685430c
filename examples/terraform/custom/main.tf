# A strategy of your own, by the zip that it was built into. Here, the archive for passwords stands for it.

provider "aws" {
  region = "us-east-1"
}

module "custom" {
  source = "../../modules/custom"

  name        = "partner/api-key"
  archive     = "../../modules/function/archives/password.zip" # your own
  environment = { SECRET_FORMAT = "json", PASSWORD_FIELDS = "api_key" }
  schedule    = { rate_days = 90 }
}

output "secret_arn" {
  description = "What the application reads."
  value       = module.custom.secret_arn
}
