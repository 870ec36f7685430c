# A password that changes every 30 days, and the role of the application that reads it.

provider "aws" {
  region = "us-east-1"
}

module "password" {
  source = "../../modules/password"

  name     = "web/login"
  initial  = { username = "web" }
  schedule = { rate_days = 30 }
  tags     = { team = "web" }
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "web" {
  name               = "web"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "read" {
  name   = "read-the-login"
  role   = aws_iam_role.web.name
  policy = module.password.read_policy_json
}

output "secret_arn" {
  description = "What the application reads."
  value       = module.password.secret_arn
}

output "function_name" {
  description = "Whose log tells of each rotation."
  value       = module.password.function_name
}

output "read_policy_json" {
  description = "What the application's role may do."
  value       = aws_iam_role_policy.read.policy
}
