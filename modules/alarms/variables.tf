variable "name" {
  description = "How the names of the function, the alarms, the rules and the topic begin. Another one for each call of the module in a region."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,48}$", var.name))
    error_message = "name is ${jsonencode(var.name)}. Expected at most 48 letters, digits, hyphens or underscores."
  }
}

variable "rotations" {
  description = <<-EOT
    What is watched, each by a name of your choice: the modules that rotate secrets, such as `{ db = module.db, tenants = module.tenants }`. For what another module rotates, give:

    - `function_name` - The function that rotates.
    - `rotating_secret_arns` - Its secrets, each by a name of your choice.
    - `token_lifetime_seconds` - How long their tokens live: a secret is overdue as soon as its token has expired. Default: the schedule alone counts.
  EOT
  type = map(object({
    function_name          = string
    rotating_secret_arns   = map(string)
    token_lifetime_seconds = optional(number)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for rotation in values(var.rotations) : try(rotation.function_name != null && rotation.rotating_secret_arns != null, false)])
    error_message = "rotations has ${jsonencode([for key, rotation in var.rotations : key if try(rotation.function_name == null || rotation.rotating_secret_arns == null, true)])} without function_name or rotating_secret_arns. Expected both in each, as every module that rotates has them."
  }

  validation {
    condition     = length(distinct([for rotation in values(var.rotations) : try(rotation.function_name, null)])) == length(var.rotations)
    error_message = "rotations has a function twice: ${jsonencode([for rotation in values(var.rotations) : try(rotation.function_name, null)])}. Expected each once, with all its secrets as rotating_secret_arns."
  }

  validation {
    condition     = alltrue([for arn in flatten([for rotation in values(var.rotations) : try(values(rotation.rotating_secret_arns), [])]) : can(regex("^arn:[\\w-]+:secretsmanager:[\\w-]+:\\d{12}:secret:\\S+$", arn))])
    error_message = "rotations has as rotating_secret_arns ${jsonencode([for arn in flatten([for rotation in values(var.rotations) : try(values(rotation.rotating_secret_arns), [])]) : arn if !can(regex("^arn:[\\w-]+:secretsmanager:[\\w-]+:\\d{12}:secret:\\S+$", arn))])}. Expected a secret's ARN each: arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME-123456."
  }

  validation {
    condition     = alltrue([for arn in flatten([for rotation in values(var.rotations) : try(values(rotation.rotating_secret_arns), [])]) : try(split(":", arn)[3] == data.aws_region.current.id, true)])
    error_message = "rotations has secrets of another region than the alarms, which are in ${data.aws_region.current.id}: an alarm hears of nothing elsewhere. Expected a call of the module for each region, with the provider of that region."
  }
}

variable "secret_name_prefix" {
  description = "Watches every secret whose name begins so, such as `my-app/`, whoever made it: those without a rotation are found, too. Errors of functions are watched only of `rotations`."
  type        = string
  default     = null

  validation {
    condition     = var.secret_name_prefix == null || can(regex("^[\\w/+=.@-][\\w/+=.@!-]*$", var.secret_name_prefix))
    error_message = "secret_name_prefix is ${try(jsonencode(var.secret_name_prefix), "-")}. Expected how names of secrets begin, such as my-app/."
  }

  validation {
    condition     = var.secret_name_prefix != null || length(var.rotations) > 0
    error_message = "The module watches nothing. Give rotations, or secret_name_prefix."
  }
}

variable "except" {
  description = "Names of secrets below the prefix that are not to rotate."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for name in var.except : name != null && name != ""])
    error_message = "except is ${jsonencode(var.except)}. Expected the names of secrets."
  }
}

variable "email" {
  description = "The address that is told. AWS asks it to confirm once. One of `email` and `topic_arn` is needed."
  type        = string
  default     = null

  validation {
    condition     = var.email == null || can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", var.email))
    error_message = "email is ${try(jsonencode(var.email), "-")}. Expected an address such as team@example.com."
  }

  validation {
    condition     = (var.email == null) != (var.topic_arn == null)
    error_message = "The module got ${var.email == null ? "neither" : "both"} email and topic_arn. Expected one of them."
  }
}

variable "topic_arn" {
  description = "The SNS topic that is told. CloudWatch and EventBridge must be able to publish to it."
  type        = string
  default     = null

  validation {
    condition     = var.topic_arn == null || can(regex("^arn:[\\w-]+:sns:[\\w-]+:\\d{12}:[\\w-]+(\\.fifo)?$", var.topic_arn))
    error_message = "topic_arn is ${try(jsonencode(var.topic_arn), "-")}. Expected the ARN of an SNS topic: arn:aws:sns:REGION:ACCOUNT:NAME."
  }

  validation {
    condition     = !try(endswith(var.topic_arn, ".fifo"), false)
    error_message = "topic_arn is a FIFO topic, which alarms cannot publish to. Give a standard one."
  }

  validation {
    condition     = try(split(":", var.topic_arn)[3] == data.aws_region.current.id, true)
    error_message = "topic_arn is in another region, ${try(split(":", var.topic_arn)[3], "-")}, than the alarms, which are in ${data.aws_region.current.id}. Expected a topic of their region."
  }
}

variable "runbook_url" {
  description = "Where your people find the runbook, for the texts."
  type        = string
  default     = "docs/errors.md"
  nullable    = false
}

variable "runtime" {
  description = "A Node.js runtime of Lambda."
  type        = string
  default     = "nodejs24.x"
  nullable    = false
}

variable "permissions_boundary_arn" {
  description = "The permissions boundary of the roles that are made."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary_arn == null || can(regex("^arn:[\\w-]+:iam::(\\d{12}|aws):policy/\\S+$", var.permissions_boundary_arn))
    error_message = "permissions_boundary_arn is ${try(jsonencode(var.permissions_boundary_arn), "-")}. Expected the ARN of a policy: arn:aws:iam::ACCOUNT:policy/NAME."
  }
}

variable "role_path" {
  description = "The IAM path of the roles that are made, such as `/teams/data/`."
  type        = string
  default     = null

  validation {
    condition     = var.role_path == null || can(regex("^/([!-~]+/)?$", var.role_path))
    error_message = "role_path is ${try(jsonencode(var.role_path), "-")}. Expected a path that begins and ends with a slash: /teams/data/."
  }
}

variable "tags" {
  description = "Tags of whatever is made and has tags."
  type        = map(string)
  default     = null
}
