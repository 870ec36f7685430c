# The rotation of a secret that was there before: this file is the same in every module of a rotating secret. Nothing here can write
# a value.

variable "existing" {
  description = <<-EOT
    A secret that is there already, instead of `name`: only function, permission and rotation are made, and nothing can write a value.

    - `secret_arn` - Its whole ARN, which ends in a hyphen and six characters.
    - `take_over_from` - The function that rotates it today, by its ARN: it is replaced. Leave it out again once this function does. Default: no other function may rotate it.
  EOT
  type = object({
    secret_arn     = string
    take_over_from = optional(string)
  })
  default = null

  validation {
    condition     = var.existing == null || can(regex("^arn:[\\w-]+:secretsmanager:[\\w-]+:\\d{12}:secret:[\\w/+=.@-]{1,512}-[A-Za-z0-9]{6}$", var.existing.secret_arn))
    error_message = "existing.secret_arn is ${jsonencode(try(var.existing.secret_arn, null))}. Expected the secret's whole ARN, with the hyphen and six characters at its end: aws secretsmanager describe-secret --secret-id NAME --query ARN prints it."
  }

  validation {
    condition     = try(var.existing.take_over_from, null) == null || can(regex("^arn:[\\w-]+:lambda:[\\w-]+:\\d{12}:function:[\\w-]+(:[\\w$-]+)?$", var.existing.take_over_from))
    error_message = "existing.take_over_from is ${jsonencode(try(var.existing.take_over_from, null))}. Expected the ARN of the function that rotates the secret today: aws secretsmanager describe-secret --secret-id NAME --query RotationLambdaARN prints it."
  }

  validation {
    condition     = var.existing == null || var.description == null
    error_message = "existing is given with description, which belongs to the secret itself. Leave it out: nothing here changes the secret."
  }
}

locals {
  planned_arn = "arn:${data.aws_partition.current.partition}:lambda:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:function:${local.function_name}"
}

data "aws_secretsmanager_secret_rotation" "today" {
  count = var.existing == null ? 0 : 1

  secret_id = var.existing.secret_arn
}

resource "aws_secretsmanager_secret_rotation" "existing" {
  count = var.existing == null ? 0 : 1

  secret_id           = var.existing.secret_arn
  rotation_lambda_arn = module.function.function_arn
  rotate_immediately  = var.rotate_immediately

  rotation_rules {
    schedule_expression = local.schedule_expression
    duration            = local.duration
  }

  depends_on = [module.followers]

  lifecycle {
    precondition {
      condition     = data.aws_secretsmanager_secret_rotation.today[0].id == var.existing.secret_arn
      error_message = "${var.existing.secret_arn} is not the whole ARN of the secret, which is ${data.aws_secretsmanager_secret_rotation.today[0].id}. Give that as existing.secret_arn."
    }

    precondition {
      condition     = contains(concat(["", local.planned_arn], var.existing.take_over_from[*]), data.aws_secretsmanager_secret_rotation.today[0].rotation_lambda_arn)
      error_message = "The secret ${var.existing.secret_arn} is rotated by another function, ${data.aws_secretsmanager_secret_rotation.today[0].rotation_lambda_arn}. To let ${local.planned_arn} rotate it instead, give the ARN of the other one as existing.take_over_from."
    }

    precondition {
      condition     = local.token_outlives_its_schedule
      error_message = local.token_is_too_short
    }

    precondition {
      condition     = local.is_rotated_by_another
      error_message = local.rotates_itself
    }
  }
}
