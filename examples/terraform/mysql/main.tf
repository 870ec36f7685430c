# A user of MySQL or MariaDB with two passwords, so that no application is ever refused. The administrator's secret stands for the
# one that RDS manages: `aws_db_instance.db.master_user_secret[0].secret_arn`.

provider "aws" {
  region = "us-east-1"
}

module "administrator" {
  source = "../../modules/static-secret"

  name              = "mysql/administrator"
  has_first_version = false # put by hand
}

module "database" {
  source = "../../modules/mysql"

  name     = "shop/db"
  strategy = "dual-password"
  admin    = { secret_arn = module.administrator.secret_arn, host = "db.example.com" }
  users    = ["shop"]
  initial  = { username = "shop", host = "db.example.com", dbname = "shop" }
  schedule = { weekly = { weekday = "SUN", hour = 4 }, window_hours = 2 }
}

output "secret_arn" {
  description = "What the application reads."
  value       = module.database.secret_arn
}
