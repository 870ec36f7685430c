# A secret for each tenant, all of them rotated by one function in the night to Sunday.

provider "aws" {
  region = "us-east-1"
}

module "tenants" {
  source = "../../modules/password"

  function = { name = "rotate-tenants" }
  schedule = { weekly = { weekday = "SUN", hour = 3 }, window_hours = 2 }

  fleet = {
    secret_name_prefix = "tenants/"
    secrets = {
      "tenants/blue"  = { description = "The blue tenant" }
      "tenants/green" = { schedule_cron = "0 5 ? * SUN *" }
    }
  }
}

output "secret_arns" {
  description = "Each tenant's secret, by its name."
  value       = module.tenants.secret_arns
}
