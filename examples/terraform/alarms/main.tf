# A password, and alarms that write to somebody when its rotation fails or does not take place.

provider "aws" {
  region = "us-east-1"
}

module "password" {
  source = "../../modules/password"

  name     = "my-app/login"
  schedule = { rate_days = 30 }
}

module "alarms" {
  source = "../../modules/alarms"

  name      = "my-app"
  email     = "team@example.com"
  rotations = { password = module.password }
}

output "alarm_names" {
  description = "The alarms, by name."
  value       = module.alarms.alarm_names
}
