# A secret that does not rotate: a service account's key, an OAuth client. Terraform knows no value of it.

variable "name" {
  description = "The secret's name. Or `name_prefix`."
  type        = string
  default     = null

  validation {
    condition     = (var.name == null) != (var.name_prefix == null)
    error_message = "A secret needs a name or a name_prefix. Give exactly one of them."
  }

  validation {
    condition     = var.name == null || can(regex("^[A-Za-z0-9/_+=.@-]{1,512}$", var.name))
    error_message = "The secret's name is ${jsonencode(var.name)}. Expected 1 to 512 ASCII letters, digits and any of -/_+=.@"
  }
}

variable "name_prefix" {
  description = "How the secret's name begins; Terraform adds 26 characters."
  type        = string
  default     = null

  validation {
    condition     = var.name_prefix == null || can(regex("^[A-Za-z0-9/_+=.@-]{1,486}$", var.name_prefix))
    error_message = "The secret's name_prefix is ${jsonencode(var.name_prefix)}. Expected 1 to 486 ASCII letters, digits and any of -/_+=.@"
  }
}

variable "description" {
  description = "The secret's description."
  type        = string
  default     = null
}

variable "initial" {
  description = "The first version: an object of fields, or one text. Written once, and in no state and no plan. Later plans do not need it."
  type        = any
  default     = null
  ephemeral   = true
}

variable "has_first_version" {
  description = "Whether `initial` gives the first version. If not, the value is put by hand. (Terraform cannot decide it by an ephemeral value.)"
  type        = bool
  default     = true
  nullable    = false
}

variable "kms_key_arn" {
  description = "The customer key that encrypts the secret. Default: AWS's own, `aws/secretsmanager`."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:${data.aws_partition.current.partition}:kms:${data.aws_region.current.id}:\\d{12}:key/[\\w-]+$", var.kms_key_arn))
    error_message = "kms_key_arn is ${jsonencode(var.kms_key_arn)}. Expected the ARN of a key in the secret's own region, arn:${data.aws_partition.current.partition}:kms:${data.aws_region.current.id}:ACCOUNT:key/ID: a policy cannot name a key by its alias."
  }
}

variable "recovery_window_days" {
  description = "Days in which a deleted secret can be restored: 7 to 30, or 0 to delete at once."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = contains(concat([0], range(7, 31)), var.recovery_window_days)
    error_message = "recovery_window_days is ${var.recovery_window_days}. Expected 7 to 30, or 0 to delete at once."
  }
}

variable "tags" {
  description = "Tags of the secret."
  type        = map(string)
  default     = null

  validation {
    condition     = var.tags == null || try(length(var.tags) <= 50 && alltrue([for name, value in var.tags : value != null && !startswith(lower(name), "aws:")]), false)
    error_message = "tags has ${jsonencode(var.tags)}. Expected at most 50 tags with a value each, whose names do not begin with aws:, as AWS's own do."
  }
}

data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  secret_arns  = { secret = aws_secretsmanager_secret.secret.arn }
  read_stages  = ["AWSCURRENT"]
  used_actions = ["secretsmanager:GetSecretValue"]
}

resource "aws_secretsmanager_secret" "secret" {
  name                    = var.name
  name_prefix             = var.name_prefix
  description             = var.description
  kms_key_id              = var.kms_key_arn
  recovery_window_in_days = var.recovery_window_days
  tags                    = var.tags

  dynamic "replica" {
    for_each = var.replicas

    content {
      region     = replica.value.region
      kms_key_id = replica.value.kms_key_arn
    }
  }

  # A rename makes the successor, with its value, before the renamed one goes.
  lifecycle {
    create_before_destroy = true
  }
}

locals {
  # An object around an empty ephemeral variable is not null itself, and CI gives an empty text for a secret that is not set: what
  # counts is each field, at any depth. A text may be JSON itself. The words are its strings, a field's name with its colon, and
  # each null.
  initial_json     = jsonencode(try(jsondecode(var.initial), var.initial))
  initial_is_given = !contains(["{}", "[]"], local.initial_json) && length(setintersection(regexall("\"(?:[^\"\\\\]|\\\\.)*\":?|null", local.initial_json), ["null", "\"\""])) == 0
}

data "aws_secretsmanager_secrets" "named" {
  count = var.has_first_version ? 1 : 0

  filter {
    name   = "name"
    values = [coalesce(var.name, var.name_prefix)]
  }
}

data "aws_secretsmanager_secret_versions" "there" {
  count = var.has_first_version ? 1 : 0

  secret_id = aws_secretsmanager_secret.secret.id
}

# The first version never names AWSCURRENT, and is never written again: whatever becomes of Terraform's state, no plan can
# make this value current once another one is.
resource "aws_secretsmanager_secret_version" "first" {
  count = var.has_first_version ? 1 : 0

  secret_id                = aws_secretsmanager_secret.secret.id
  secret_string_wo         = can(tostring(var.initial)) ? try(coalesce(tostring(var.initial)), "{}") : jsonencode(var.initial)
  secret_string_wo_version = 1
  version_stages           = ["TERRAFORM_INITIAL"]

  # It is replaced with the secret's name, and not with its id. If the secret is replaced under one and the same name, AWS refuses
  # the new one, and all is still as it was.
  lifecycle {
    ignore_changes       = [secret_id, secret_string_wo_version, version_stages]
    replace_triggered_by = [aws_secretsmanager_secret.secret.name]

    # An ephemeral variable is empty at every plan but the first, so that is wrong only if there is no value yet. A plan knows
    # whether there is a secret of the name; whether it has a value is known once it is made.
    precondition {
      condition     = local.initial_is_given || anytrue([for name in data.aws_secretsmanager_secrets.named[0].names : name == var.name || var.name == null])
      error_message = "The secret has no value yet, and the source of its first one, or of a field in it, is empty. Give it as initial for this plan and apply; later ones do not need it. If the secret was renamed, give the value that it has today. Or put the value by hand, with has_first_version = false."
    }

    precondition {
      condition     = local.initial_is_given || can(data.aws_secretsmanager_secret_versions.there[0].versions[0].version_id)
      error_message = "The secret has no value yet, and the source of its first one, or of a field in it, is empty. Give it as initial for this plan and apply; later ones do not need it. If the secret was renamed, give the value that it has today. Or put the value by hand, with has_first_version = false."
    }
  }
}

output "secret_arn" {
  description = "The secret's ARN, for policies and the applications that read it."
  value       = aws_secretsmanager_secret.secret.arn
}
