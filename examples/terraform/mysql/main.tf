# A user of MySQL or MariaDB with two passwords, so that no application is ever refused. The administrator's secret stands for the
# one that RDS manages: `aws_db_instance.db.master_user_secret[0].secret_arn`.

provider "aws" {
  region = "us-east-1"
}

module "administrator" {
  source = "../../modules/static-secret"

  name              = "db/administrator"
  has_first_version = false # put by hand
}

module "database" {
  source = "../../modules/mysql"

  name     = "web/db"
  strategy = "dual-password"
  admin    = { secret_arn = module.administrator.secret_arn, host = "db.example.com" }
  users    = ["web"]
  initial  = { username = "web", host = "db.example.com", dbname = "web" }
  schedule = { weekly = { weekday = "SUN", hour = 4 }, window_hours = 2 }
}

output "secret_arn" {
  description = "What the application reads."
  value       = module.database.secret_arn
}
