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
    - `secret_name_prefix` - How the names of all its secrets begin, such as `tenants/`, if it has many: the function's policy and the rules then name the prefix, and not each secret.
    - `token_lifetime_seconds` - How long their tokens live: a secret is overdue as soon as its token has expired. Default: the schedule alone counts.
  EOT
  type = map(object({
    function_name          = string
    rotating_secret_arns   = map(string)
    secret_name_prefix     = optional(string)
    token_lifetime_seconds = optional(number)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for rotation in values(var.rotations) : try(rotation.function_name != null && rotation.rotating_secret_arns != null, false)])
    error_message = "rotations has ${jsonencode([for key, rotation in var.rotations : key if try(rotation.function_name == null || rotation.rotating_secret_arns == null, true)])} without function_name or rotating_secret_arns. Expected both in each, as every module that rotates has them."
  }

  validation {
    condition     = alltrue([for rotation in values(var.rotations) : try(can(regex("^[A-Za-z0-9_-]{1,64}$", rotation.function_name)) || rotation.function_name == null, true)])
    error_message = "rotations has as function_name ${jsonencode([for rotation in values(var.rotations) : try(rotation.function_name, null) if !try(can(regex("^[A-Za-z0-9_-]{1,64}$", rotation.function_name)) || rotation.function_name == null, true)])}. Expected the function's name alone, without an ARN: at most 64 letters, digits, hyphens or underscores."
  }

  validation {
    condition     = length(distinct([for rotation in values(var.rotations) : try(rotation.function_name, null)])) == length(var.rotations)
    error_message = "rotations has a function twice: ${jsonencode([for rotation in values(var.rotations) : try(rotation.function_name, null)])}. Expected each once, with all its secrets as rotating_secret_arns."
  }

  validation {
    condition     = alltrue([for arn in flatten([for rotation in values(var.rotations) : try(values(rotation.rotating_secret_arns), [])]) : can(regex("^arn:[\\w-]+:secretsmanager:[\\w-]+:\\d{12}:secret:[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{6}$", arn))])
    error_message = "rotations has as rotating_secret_arns ${jsonencode([for arn in flatten([for rotation in values(var.rotations) : try(values(rotation.rotating_secret_arns), [])]) : arn if !can(regex("^arn:[\\w-]+:secretsmanager:[\\w-]+:\\d{12}:secret:[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{6}$", arn))])}. Expected a secret's whole ARN each, with the six characters that AWS adds: arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME-AbCdEf."
  }

  validation {
    condition     = alltrue([for arn in flatten([for rotation in values(var.rotations) : try(values(rotation.rotating_secret_arns), [])]) : try(split(":", arn)[3] == data.aws_region.current.id, true)])
    error_message = "rotations has secrets of another region than the alarms, which are in ${data.aws_region.current.id}: an alarm hears of nothing elsewhere. Expected a call of the module for each region, with the provider of that region."
  }

  validation {
    condition     = alltrue([for arn in flatten([for rotation in values(var.rotations) : try(values(rotation.rotating_secret_arns), [])]) : try(split(":", arn)[4] == data.aws_caller_identity.current.account_id, true)])
    error_message = "rotations has secrets of another account than the alarms, which are in ${data.aws_caller_identity.current.account_id}: an alarm hears of nothing elsewhere. Expected a call of the module for each account, with the provider of that account."
  }

  validation {
    condition     = alltrue([for rotation in values(var.rotations) : try(rotation.secret_name_prefix, null) == null || can(regex("^[A-Za-z0-9/_+=.@-]{1,512}$", rotation.secret_name_prefix))])
    error_message = "rotations has as secret_name_prefix ${jsonencode([for rotation in values(var.rotations) : try(rotation.secret_name_prefix, null) if try(rotation.secret_name_prefix, null) != null && !can(regex("^[A-Za-z0-9/_+=.@-]{1,512}$", rotation.secret_name_prefix))])}. Expected how the names of all its secrets begin, such as tenants/."
  }

  validation {
    condition     = alltrue(flatten([for rotation in values(var.rotations) : [for arn in try(values(rotation.rotating_secret_arns), []) : try(startswith(split(":", arn)[6], rotation.secret_name_prefix), true)] if try(rotation.secret_name_prefix, null) != null]))
    error_message = "rotations has a secret_name_prefix that not all of its rotating_secret_arns begin with: ${jsonencode([for rotation in values(var.rotations) : rotation.secret_name_prefix if !alltrue([for arn in try(values(rotation.rotating_secret_arns), []) : try(startswith(split(":", arn)[6], rotation.secret_name_prefix), true)])])}. Expected how the names of all of them begin, or leave it out."
  }

  # IAM takes 10,240 characters of inline policies for a role, and the rest of this one may need 1,200. The ARNs of a first plan are
  # not known, so the number counts as well.
  validation {
    condition     = length(flatten([for rotation in values(var.rotations) : try(values(rotation.rotating_secret_arns), []) if try(rotation.secret_name_prefix, null) == null])) <= 75 && length(jsonencode(flatten([for rotation in values(var.rotations) : try(values(rotation.rotating_secret_arns), []) if try(rotation.secret_name_prefix, null) == null]))) + 70 * length([for rotation in values(var.rotations) : rotation.secret_name_prefix if try(rotation.secret_name_prefix, null) != null]) + length(jsonencode([for rotation in values(var.rotations) : rotation.secret_name_prefix if try(rotation.secret_name_prefix, null) != null])) <= 9000
    error_message = "rotations has ${length(flatten([for rotation in values(var.rotations) : try(values(rotation.rotating_secret_arns), []) if try(rotation.secret_name_prefix, null) == null]))} secrets that the function's policy must name one by one: ${length(jsonencode(flatten([for rotation in values(var.rotations) : try(values(rotation.rotating_secret_arns), []) if try(rotation.secret_name_prefix, null) == null]))) + 70 * length([for rotation in values(var.rotations) : rotation.secret_name_prefix if try(rotation.secret_name_prefix, null) != null]) + length(jsonencode([for rotation in values(var.rotations) : rotation.secret_name_prefix if try(rotation.secret_name_prefix, null) != null]))} characters with the prefixes. Expected at most 75 secrets and 9,000 characters, so that IAM takes it. Give secret_name_prefix where the names of a function's secrets begin alike, as a fleet has it, or watch some of them by another call of the module."
  }

  # EventBridge Scheduler takes an input of 256 KB, and Lambda one event of 256 KB. It has each ARN, of a token twice; a fleet's keys are the names.
  validation {
    condition     = sum(concat([0], flatten([for rotation in values(var.rotations) : [for key in try(keys(rotation.rotating_secret_arns), []) : (length(key) + 78) * (try(rotation.token_lifetime_seconds, null) == null ? 1 : 2)]]))) <= 250000
    error_message = "rotations has ${length(flatten([for rotation in values(var.rotations) : try(values(rotation.rotating_secret_arns), [])]))} secrets, and their ARNs are too long for one input of EventBridge Scheduler, which takes 256 KB. Expected fewer, and the others in another call of the module."
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

  # It stands in a JSON text, where AWS replaces what is in angle brackets.
  validation {
    condition     = can(regex("^[^\\s\"\\\\<>]{1,300}$", var.runbook_url))
    error_message = "runbook_url is ${jsonencode(var.runbook_url)}. Expected an address without blanks, line breaks, quotes, backslashes and angle brackets, such as https://wiki.example.com/rotation, at most 300 characters."
  }
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
