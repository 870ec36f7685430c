# A Google access token that lives an hour, and is renewed every half hour. No key: Google trusts the function's role.

provider "aws" {
  region = "us-east-1"
}

module "calendar" {
  source = "../../modules/google-access-token"

  name                  = "calendar/token"
  service_account       = "calendar@my-project.iam.gserviceaccount.com"
  scopes                = ["https://www.googleapis.com/auth/calendar.readonly"]
  credentials           = { workload_identity_audience = "//iam.googleapis.com/projects/123456789/locations/global/workloadIdentityPools/aws/providers/lambda" }
  schedule              = { rate_hours = 4 }
  refresh_every_minutes = 30
}

output "secret_arn" {
  description = "What the application reads."
  value       = module.calendar.secret_arn
}

output "role_arn" {
  description = "The role that the workload identity pool is to trust."
  value       = module.calendar.role_arn
}
