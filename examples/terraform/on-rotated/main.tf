# A password, and an ECS service that is restarted after each rotation, since it reads the password once, when it starts.

provider "aws" {
  region = "us-east-1"
}

module "password" {
  source = "../../modules/password"

  name       = "shop/login"
  schedule   = { rate_days = 30 }
  on_rotated = [{ ecs_service = { cluster_name = "apps", service_name = "shop" } }]
}

output "undelivered_queue_names" {
  description = "What could not restart the service is here: put an alarm on it."
  value       = module.password.undelivered_queue_names
}
