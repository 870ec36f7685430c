# What every module of a rotating secret has: this file is the same in each of them. What the rotation itself needs is
# `local.rotation`, in main.tf.

variable "name" {
  description = "The secret's name. Or `name_prefix`, `fleet` or `existing`."
  type        = string
  default     = null

  validation {
    condition     = length([for is_given in [var.name != null, var.name_prefix != null, var.fleet != null, var.existing != null] : true if is_given]) == 1
    error_message = "A secret needs a name, a name_prefix, a fleet or an existing secret. Give exactly one of them."
  }

  validation {
    condition     = var.name == null || can(regex("^[A-Za-z0-9/_+=.@-]*$", var.name))
    error_message = "The secret's name ${jsonencode(var.name)} has the character ${try(jsonencode(regex("[^A-Za-z0-9/_+=.@-]", var.name)), "-")}. Expected ASCII letters, digits and any of -/_+=.@"
  }

  validation {
    condition     = var.name != ""
    error_message = "The secret's name \"\" is empty. Expected ASCII letters, digits and any of -/_+=.@"
  }

  validation {
    condition     = var.name == null || try(length(var.name), 0) <= 512
    error_message = "The secret's name has ${try(length(var.name), 0)} characters. Expected at most 512."
  }
}

variable "name_prefix" {
  description = "How the secret's name begins; Terraform adds 26 characters."
  type        = string
  default     = null

  validation {
    condition     = var.name_prefix == null || can(regex("^[A-Za-z0-9/_+=.@-]+$", var.name_prefix))
    error_message = "The secret's name_prefix ${jsonencode(var.name_prefix)} ${var.name_prefix == "" ? "is empty" : "has the character ${try(jsonencode(regex("[^A-Za-z0-9/_+=.@-]", var.name_prefix)), "-")}"}. Expected ASCII letters, digits and any of -/_+=.@"
  }

  validation {
    condition     = var.name_prefix == null || try(length(var.name_prefix), 0) <= 486
    error_message = "The secret's name_prefix has ${try(length(var.name_prefix), 0)} characters. Expected at most 486."
  }
}

variable "fleet" {
  description = <<-EOT
    Many secrets that share one function, whose permissions stay as they are however many there are.

    - `secret_name_prefix` - How the names of all of them begin, such as `tenants/`.
    - `secrets` - The secrets, by name. `schedule_cron` is one secret's own schedule instead of `schedule`; its window is as long as the others'.
  EOT
  type = object({
    secret_name_prefix = string
    secrets = map(object({
      description   = optional(string)
      schedule_cron = optional(string)
    }))
  })
  default = null

  validation {
    condition     = var.fleet == null || can(regex("^[A-Za-z0-9/_+=.@-]+$", var.fleet.secret_name_prefix))
    error_message = "fleet.secret_name_prefix is ${jsonencode(try(var.fleet.secret_name_prefix, null))}. Expected one or more ASCII letters, digits and any of -/_+=.@"
  }

  validation {
    condition     = alltrue([for name in try(keys(var.fleet.secrets), []) : try(startswith(name, var.fleet.secret_name_prefix), true) && can(regex("^[A-Za-z0-9/_+=.@-]{1,512}$", name))])
    error_message = "fleet.secrets has the names ${jsonencode(try(keys(var.fleet.secrets), []))}. Expected names that begin with ${jsonencode(try(var.fleet.secret_name_prefix, null))}, its secret_name_prefix, of ASCII letters, digits and any of -/_+=.@, at most 512 characters."
  }

  validation {
    condition     = var.fleet == null || try(alltrue([for secret in values(var.fleet.secrets) : secret != null]), false)
    error_message = "fleet.secrets is null, or has a secret that is null. Expected {} for a secret without options."
  }

  validation {
    condition     = alltrue([for secret in try(values(var.fleet.secrets), []) : try(secret.schedule_cron, null) == null || can(regex(lookup(local.schedule_forms, "cron"), secret.schedule_cron))])
    error_message = "fleet.secrets has as schedule_cron ${jsonencode([for secret in try(values(var.fleet.secrets), []) : secret.schedule_cron if try(secret.schedule_cron, null) != null && !can(regex(lookup(local.schedule_forms, "cron"), secret.schedule_cron))])}, which is not a cron expression of Secrets Manager: expected six fields with one space between them, 0 hours day-of-month month day-of-week *, with ? in exactly one of the two day fields, such as 0 8 ? * MON-FRI *, without cron( and )."
  }

  validation {
    condition     = alltrue([for secret in try(values(var.fleet.secrets), []) : coalesce(var.schedule.window_hours, 0) <= try(24 - tonumber(regex("^0 (\\d{1,2}) ", secret.schedule_cron)[0]), 24)])
    error_message = "fleet.secrets has a schedule_cron that opens its window too late for schedule.window_hours, which is ${coalesce(var.schedule.window_hours, 0)}: it would run into the next UTC day. Expected an earlier hour, or a shorter window."
  }

  validation {
    condition     = var.fleet == null || var.function.name != null
    error_message = "fleet is given without function.name: expected the name of the function that its secrets share."
  }

  validation {
    condition     = var.fleet == null || var.refresh_every_minutes == null
    error_message = "The fleet has refresh_every_minutes and a shared function, which does not support it. Give the secret a module of its own."
  }
}

variable "description" {
  description = "The secret's description."
  type        = string
  default     = null
}

variable "initial" {
  description = "What the first version holds besides what rotation makes, such as `{ username = \"app\" }`; one text if the secret is one. Written once, and in no state and no plan. For a fleet, the same by the secret's name."
  type        = any
  default     = null
  ephemeral   = true

  validation {
    condition     = var.initial == null || var.existing == null
    error_message = "initial is given with an existing secret, which has a value. Leave it out: nothing here changes the secret."
  }

  validation {
    condition     = var.initial == null || (local.rotation.format == "text" && var.fleet == null ? can(tostring(var.initial)) : can(keys(var.initial)))
    error_message = "initial has another shape than the secret. Expected an object of fields, such as { username = \"app\" }; one text if the secret is one plain string; for a fleet, an object with the same by each secret's name."
  }

  # An object around an empty ephemeral variable is not null itself, and CI gives an empty text for a secret that is not set: what
  # counts is each field, at any depth.
  validation {
    condition     = var.initial == null || local.initial_is_required || local.rotation.format == "text" || (var.fleet == null ? length(setintersection(regexall(local.json_words, jsonencode(var.initial)), ["null", "\"\""])) == 0 : try(alltrue([for value in var.initial : value == null || length(setintersection(regexall(local.json_words, jsonencode(value)), ["null", "\"\""])) == 0]), true))
    error_message = "A field of initial is null or empty. If it comes from an ephemeral variable, set initial_is_required = true: later plans then do not need it, and a first plan or a rename without it is refused. Otherwise, leave the field out."
  }

  # Whether it is empty does not matter: an ephemeral variable is, in later plans.
  validation {
    condition     = var.initial == null || var.existing != null || local.rotation.format == "json" || var.has_first_version || (var.fleet == null ? try(tostring(var.initial) == "", true) : try(alltrue([for value in var.initial : try(coalesce(tostring(value)), "") == ""]), true))
    error_message = "initial is given for a secret that is one plain string, without has_first_version: nothing would use it, and the first rotation would make another value. Set has_first_version = true, or leave initial out."
  }

  # It is written once: what is not in its place now never will be.
  validation {
    condition     = var.initial == null || var.fleet == null || try(alltrue([for name, value in var.initial : contains(keys(var.fleet.secrets), name) && (value == null || (local.rotation.format == "text" ? can(tostring(value)) : can(keys(value))))]), true)
    error_message = "initial has a name that is no secret of the fleet, or something else than a secret's fields there. Expected the same by the name of each secret, as fleet.secrets has it, such as { \"tenants/1\" = { username = \"one\" } }."
  }

  # The first rotation would refuse the same. This looks up to four objects deep, and not while a value is null, as an ephemeral
  # variable is in later plans.
  validation {
    condition = alltrue(flatten([
      for initial in [[var.initial], try(values(var.initial), [])][var.fleet == null ? 0 : 1] : [
        for names in values(local.names_around) : can([for member in [
          initial,
          try(initial[names[0]], ""),
          try(initial[names[0]][names[1]], ""),
          try(initial[names[0]][names[1]][names[2]], ""),
        ][length(names)] : member]) if length(names) <= 3
      ] if can(keys(initial)) && !contains(regexall(local.json_words, jsonencode(initial)), "null")
    ]))
    error_message = "initial has no object in which rotation changes one of the fields ${jsonencode([for field, names in local.names_around : field if length(names) > 0])}. Give it one, which may be empty, such as { db = {} } for /db/password."
  }

  # A name with a dot is a field of that name, and no field within another one.
  validation {
    condition = alltrue(flatten([
      for initial in [[var.initial], try(values(var.initial), [])][var.fleet == null ? 0 : 1] : [
        for field in local.fields : can(initial[field]) if !startswith(field, "/") && strcontains(field, ".")
      ] if can(keys(initial))
    ]))
    error_message = "initial has no top-level field of one of the names ${jsonencode([for field in local.fields : field if strcontains(field, ".")])}. Give /db/password for a field within another one, or /db.password to add a top-level field of that name."
  }
}

variable "initial_is_required" {
  description = "Whether a first version without `initial` is an error, unless the secret has a version already. Set it if `initial` comes from an ephemeral variable: otherwise, a rename without the value makes a secret that has only what rotation makes. Default: as the target needs it."
  type        = bool
  default     = null
}

variable "has_first_version" {
  description = "For a secret that is one plain string: whether `initial` gives its first version. Default: no, the first rotation makes it. (Terraform cannot decide it by an ephemeral value.)"
  type        = bool
  default     = false
  nullable    = false
}

variable "rotate_immediately" {
  description = "Whether the secret rotates as soon as this is deployed, and again whenever its schedule or function changes."
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
  description = "Tags of the secret, and of its function, role, log group and security group."
  type        = map(string)
  default     = null

  validation {
    condition     = var.tags == null || try(length(var.tags) <= 50 && alltrue([for name, value in var.tags : value != null && !startswith(lower(name), "aws:")]), false)
    error_message = "tags has ${jsonencode(var.tags)}. Expected at most 50 tags with a value each, whose names do not begin with aws:, as AWS's own do."
  }
}

variable "function" {
  description = <<-EOT
    What you may choose about the rotation's Lambda function.

    - `name` - At most 64 letters, digits, hyphens or underscores. Default: `rotate-` and the secret's name; if Lambda does not take that as it is, such as one with a slash, a hash at its end keeps it apart from others.
    - `timeout_seconds` - Seconds until Lambda stops a step.
    - `memory_megabytes` - Memory in MB; the processor's share grows with it.
    - `runtime` - A Node.js runtime of Lambda.
    - `architecture` - `arm64` or `x86_64`.
    - `log_retention_days` - How long CloudWatch keeps the function's log.
    - `log_kms_key_arn` - The customer key that encrypts the log. Its policy must let CloudWatch Logs use it.
    - `environment_kms_key_arn` - The customer key that encrypts the function's environment.
    - `permissions_boundary_arn` - The permissions boundary of every role that is made.
    - `role_path` - The IAM path of every role that is made, such as `/teams/data/`.
    - `tracing` - Records each invocation with AWS X-Ray.
    - `reserved_concurrent_executions` - The most invocations that may run at once.
    - `code_signing` - Has AWS Signer sign the function's code: the signing configuration, the profile, and a bucket with versioning.
  EOT
  type = object({
    name                           = optional(string)
    timeout_seconds                = optional(number, 30)
    memory_megabytes               = optional(number, 256)
    runtime                        = optional(string, "nodejs24.x")
    architecture                   = optional(string, "arm64")
    log_retention_days             = optional(number, 365)
    log_kms_key_arn                = optional(string)
    environment_kms_key_arn        = optional(string)
    permissions_boundary_arn       = optional(string)
    role_path                      = optional(string)
    tracing                        = optional(bool, false)
    reserved_concurrent_executions = optional(number)
    code_signing = optional(object({
      config_arn   = string
      profile_name = string
      bucket_name  = string
    }))
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.function.name == null || can(regex("^[A-Za-z0-9_-]{1,64}$", var.function.name))
    error_message = "function.name is ${jsonencode(var.function.name)}. Expected at most 64 letters, digits, hyphens or underscores."
  }

  validation {
    condition     = var.function.role_path == null || can(regex("^/([!-~]+/)?$", var.function.role_path))
    error_message = "function.role_path is ${jsonencode(var.function.role_path)}. Expected a path that begins and ends with a slash: /teams/data/."
  }

  validation {
    condition     = var.function.permissions_boundary_arn == null || can(regex("^arn:[\\w-]+:iam::(\\d{12}|aws):policy/\\S+$", var.function.permissions_boundary_arn))
    error_message = "function.permissions_boundary_arn is ${jsonencode(var.function.permissions_boundary_arn)}. Expected the ARN of a policy: arn:aws:iam::ACCOUNT:policy/NAME."
  }

  validation {
    condition     = alltrue([for arn in [var.function.log_kms_key_arn, var.function.environment_kms_key_arn] : arn == null || can(regex("^arn:${data.aws_partition.current.partition}:kms:${data.aws_region.current.id}:\\d{12}:key/[\\w-]+$", arn))])
    error_message = "function has ${jsonencode(var.function.log_kms_key_arn)} as log_kms_key_arn, and ${jsonencode(var.function.environment_kms_key_arn)} as environment_kms_key_arn. Expected the ARN of a key in the function's own region, arn:${data.aws_partition.current.partition}:kms:${data.aws_region.current.id}:ACCOUNT:key/ID: a policy cannot name a key by its alias."
  }

  validation {
    condition     = floor(var.function.timeout_seconds) == var.function.timeout_seconds && var.function.timeout_seconds >= 1 && var.function.timeout_seconds <= 900
    error_message = "function.timeout_seconds is ${var.function.timeout_seconds}. Expected a whole number from 1 to 900."
  }

  validation {
    condition     = floor(var.function.memory_megabytes) == var.function.memory_megabytes && var.function.memory_megabytes >= 128 && var.function.memory_megabytes <= 10240
    error_message = "function.memory_megabytes is ${var.function.memory_megabytes}. Expected a whole number from 128 to 10240."
  }

  validation {
    condition     = try(floor(var.function.reserved_concurrent_executions) == var.function.reserved_concurrent_executions && var.function.reserved_concurrent_executions >= 1, var.function.reserved_concurrent_executions == null)
    error_message = "function.reserved_concurrent_executions is ${jsonencode(var.function.reserved_concurrent_executions)}. Expected a whole number from 1: with 0, Lambda never runs the function."
  }

  validation {
    condition     = contains([0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.function.log_retention_days)
    error_message = "function.log_retention_days is ${var.function.log_retention_days}. Expected a number of days that CloudWatch Logs knows, such as 30, 90, 365 or 731, or 0 to keep the log."
  }

  validation {
    condition     = can(regex("^nodejs(2[0-9]|[3-9][0-9])[.]x$", var.function.runtime))
    error_message = "function.runtime is ${jsonencode(var.function.runtime)}. Expected a Node.js runtime, nodejs20.x or later."
  }

  validation {
    condition     = contains(["arm64", "x86_64"], var.function.architecture)
    error_message = "function.architecture is ${jsonencode(var.function.architecture)}. Expected arm64 or x86_64."
  }

  validation {
    condition     = var.function.code_signing == null || try(alltrue([for each in values(var.function.code_signing) : length(each) > 0]), false)
    error_message = "function.code_signing is ${jsonencode(var.function.code_signing)}. Expected config_arn, profile_name and bucket_name."
  }
}

variable "network" {
  description = <<-EOT
    Where in a VPC the function runs, so that it reaches a target that has no public address.

    - `subnet_ids` - Private subnets from which the target is reached; two in different zones survive the loss of one.
    - `security_group_ids` - Security groups for the function. Default: one of its own, the output `security_group_id`.
    - `target_ports` - The TCP ports at which the function's own security group lets it connect to its target, besides 443 to Secrets Manager. Default: the target's usual port.
    - `secrets_manager_endpoint_security_group_id` - The security group of the VPC's endpoint for Secrets Manager, if that is how the function reaches it. Default: the subnets have a NAT gateway.
  EOT
  type = object({
    subnet_ids                                 = list(string)
    security_group_ids                         = optional(list(string))
    target_ports                               = optional(list(number))
    secrets_manager_endpoint_security_group_id = optional(string)
  })
  default = null

  validation {
    condition     = var.network == null || try(length(var.network.subnet_ids) > 0 && alltrue([for id in var.network.subnet_ids : can(regex("^subnet-[0-9a-f]+$", id))]), false)
    error_message = "network.subnet_ids is ${jsonencode(try(var.network.subnet_ids, null))}. Expected one or more such as subnet-0123456789abcdef0."
  }

  validation {
    condition     = try(var.network.security_group_ids, null) == null || try(length(var.network.security_group_ids) > 0 && alltrue([for id in var.network.security_group_ids : can(regex("^sg-[0-9a-f]+$", id))]), false)
    error_message = "network.security_group_ids is ${jsonencode(try(var.network.security_group_ids, null))}. Expected one or more such as sg-0123456789abcdef0."
  }

  validation {
    condition     = try(var.network.target_ports, null) == null || try(alltrue([for port in var.network.target_ports : floor(port) == port && port >= 1 && port <= 65535]), false)
    error_message = "network.target_ports is ${jsonencode(try(var.network.target_ports, null))}. Expected TCP ports, 1 to 65535."
  }

  # EC2 refuses a rule twice. The module cannot leave one out: a plan has to know how many there are before it knows each port.
  validation {
    condition = try(var.network.security_group_ids, null) != null || (
      try(length(distinct(var.network.target_ports)) == length(var.network.target_ports), true) &&
      (try(var.network.secrets_manager_endpoint_security_group_id, null) != null || !try(contains(var.network.target_ports, 443), false))
    )
    error_message = "network.target_ports is ${jsonencode(try(var.network.target_ports, null))}. Expected each port once, and without secrets_manager_endpoint_security_group_id not 443, at which the function may connect anyway. Leave it out."
  }
}

locals {
  # ─ secrets: one, or a fleet
  is_fleet = var.fleet != null
  secrets = local.is_fleet ? {
    for name, secret in var.fleet.secrets : name => {
      name                = name
      description         = secret.description
      schedule_expression = secret.schedule_cron == null ? local.schedule_expression : "cron(${secret.schedule_cron})"
    }
    } : {
    secret = {
      name                = var.name
      description         = var.description
      schedule_expression = local.schedule_expression
    }
  }
  declared_secrets = { for key, secret in local.secrets : key => secret if var.existing == null }
  secret_arns = merge(
    { for existing in var.existing[*] : "secret" => existing.secret_arn },
    { for key, secret in aws_secretsmanager_secret.secret : key => secret.arn },
  )
  read_stages = ["AWSCURRENT", "AWSPENDING"]
  used_actions = concat(
    ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue", "secretsmanager:UpdateSecretVersionStage"],
    local.rotation.reads_earlier_versions ? ["secretsmanager:ListSecretVersionIds"] : [],
  )
  has_first_version   = var.existing == null && (local.rotation.format == "json" || var.has_first_version)
  initial_is_required = var.existing == null && (local.rotation.format == "text" && var.has_first_version || coalesce(var.initial_is_required, local.rotation.needs_initial || !var.rotate_immediately))
  # What each secret gets as JSON, though a text may be JSON itself. It is given if it has a field, and nothing in it is null or
  # an empty text.
  initial_of = { for key, secret in local.secrets : key => local.is_fleet ? jsonencode(try(jsondecode(var.initial[key]), var.initial[key], null)) : jsonencode(try(jsondecode(var.initial), var.initial)) }
  initial_is_given = {
    for key, initial in local.initial_of : key => initial != "{}" && length(setintersection(regexall(local.json_words, initial), ["null", "\"\""])) == 0
  }
  # What rotation changes, and the names that lead to it: those of the objects around it.
  fields       = lookup(local.rotation, "fields", [])
  names_around = { for field in local.fields : field => [for name in slice(split("/", field), 1, length(split("/", field)) - 1) : replace(replace(name, "~1", "/"), "~0", "~")] if startswith(field, "/") }
  # Of a JSON text: each string, a field's name with its colon, and each null.
  json_words = "\"(?:[^\"\\\\]|\\\\.)*\":?|null"

  # ─ a rotation that logs in with the secret itself: stopped half-way, it could not go on
  own_arns = "arn:${data.aws_partition.current.partition}:secretsmanager:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:secret:"
  own_starts = concat(
    [for existing in var.existing[*] : existing.secret_arn],
    [for secret in values(local.declared_secrets) : "${local.own_arns}${secret.name}-" if secret.name != null],
  )
  other_arns            = flatten([for statement in local.rotation.statements : statement.resources if contains(statement.actions, "secretsmanager:GetSecretValue")])
  is_rotated_by_another = alltrue([for arn in local.other_arns : alltrue([for start in local.own_starts : arn != start && !(startswith(arn, start) && length(arn) == length(start) + 6)])])
  rotates_itself        = "The secret would be rotated with a login of its own: the other secret that its rotation uses is the same one. Expected the secret of another user, such as an administrator."

  # ─ function
  # What differs in punctuation alone is one name in Lambda's alphabet. Each module knows its own secret only, so every name that
  # is not the secret's own has a hash. An asterisk stands in no name.
  made_of           = coalesce(var.name, try(regex(":secret:(.*)-[A-Za-z0-9]{6}$", var.existing.secret_arn)[0], null), try("${var.name_prefix}*", null), "-")
  in_lambdas_names  = "rotate-${trimsuffix(replace(local.made_of, "/[^A-Za-z0-9_-]+/", "-"), "-")}"
  named_by_a_secret = local.in_lambdas_names == "rotate-${local.made_of}" && length(local.in_lambdas_names) <= 64 ? local.in_lambdas_names : "${substr(local.in_lambdas_names, 0, 55)}-${substr(sha256(local.made_of), 0, 8)}"
  function_name     = var.function.name == null ? local.named_by_a_secret : var.function.name
  network           = var.network == null ? null : merge(var.network, { target_ports = coalesce(var.network.target_ports, local.rotation.target_ports) })
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

resource "aws_secretsmanager_secret" "secret" {
  for_each = local.declared_secrets

  name                    = each.value.name
  name_prefix             = var.name_prefix
  description             = each.value.description
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

data "aws_secretsmanager_secrets" "named" {
  for_each = { for key, secret in local.secrets : key => secret if local.initial_is_required }

  filter {
    name   = "name"
    values = [coalesce(each.value.name, var.name_prefix)]
  }
}

data "aws_secretsmanager_secret_versions" "there" {
  for_each = { for key, secret in local.secrets : key => secret if local.initial_is_required }

  secret_id = aws_secretsmanager_secret.secret[each.key].id
}

# The first version never names AWSCURRENT, and is never written again: whatever becomes of Terraform's state, no plan can
# make this value current once another one is.
resource "aws_secretsmanager_secret_version" "first" {
  for_each = { for key, secret in local.secrets : key => secret if local.has_first_version }

  secret_id = aws_secretsmanager_secret.secret[each.key].id
  # Each way is a text: the fields of one secret are of another type than those of a fleet. Later plans need one, too, which is
  # written nowhere.
  secret_string_wo = (
    local.rotation.format == "text" ?
    (local.is_fleet ? try(coalesce(tostring(var.initial[each.key])), "{}") : try(coalesce(tostring(var.initial)), "{}")) :
    (local.is_fleet ? jsonencode(merge({}, try(var.initial[each.key], null))) : jsonencode(merge({}, var.initial)))
  )
  secret_string_wo_version = 1
  version_stages           = ["TERRAFORM_INITIAL"]

  # It is replaced with the secret's name, and not with its id. If the secret is replaced under one and the same name, AWS refuses
  # the new one, and all is still as it was.
  lifecycle {
    ignore_changes       = [secret_id, secret_string_wo_version, version_stages]
    replace_triggered_by = [aws_secretsmanager_secret.secret[each.key].name]

    # An ephemeral variable is empty at every plan but the first, so that is wrong only if there is no value yet. A plan knows
    # whether there is a secret of the name; whether it has a value is known once it is made.
    precondition {
      condition = (
        !local.initial_is_required ||
        local.initial_is_given[each.key] ||
        anytrue([for name in try(data.aws_secretsmanager_secrets.named[each.key].names, []) : name == each.value.name || each.value.name == null])
      )
      error_message = "The secret has no value yet, and the source of its first one, or of a field in it, is empty. Give it as initial for this plan and apply; later ones do not need it. If the secret was renamed, give the value that it has today."
    }

    precondition {
      condition = (
        !local.initial_is_required ||
        local.initial_is_given[each.key] ||
        can(data.aws_secretsmanager_secret_versions.there[each.key].versions[0].version_id)
      )
      error_message = "The secret has no value yet, and the source of its first one, or of a field in it, is empty. Give it as initial for this plan and apply; later ones do not need it. If the secret was renamed, give the value that it has today."
    }
  }
}

resource "aws_secretsmanager_secret_rotation" "secret" {
  for_each = local.declared_secrets

  secret_id           = aws_secretsmanager_secret.secret[each.key].arn
  rotation_lambda_arn = module.function.function_arn
  rotate_immediately  = var.rotate_immediately

  rotation_rules {
    schedule_expression = each.value.schedule_expression
    duration            = local.duration
  }

  # It may rotate at once. What the function needs is there: its ARN depends on it. And so is what follows.
  depends_on = [aws_secretsmanager_secret_version.first, module.followers]

  lifecycle {
    ignore_changes       = [secret_id]
    replace_triggered_by = [aws_secretsmanager_secret.secret[each.key].name]

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

module "function" {
  source = "../function"

  name = local.function_name
  rotation = merge(local.rotation, {
    environment = merge(
      local.rotation.environment,
      local.is_fleet ? local.rotation.shared_environment : {},
      var.refresh_every_minutes == null ? {} : { REFRESH_EVERY_MINUTES = tostring(var.refresh_every_minutes) },
    )
  })
  secret_arn = (
    local.is_fleet ?
    # Its place, as the log group has it: known in every plan but the first.
    "${replace(module.function.log_group_arn, "/^([^:]*:[^:]*):logs:([^:]*:[^:]*):.*/", "$1:secretsmanager:$2")}:secret:${var.fleet.secret_name_prefix}*" :
    one(values(local.secret_arns))
  )
  is_shared    = local.is_fleet
  replicas     = var.replicas
  kms_key_arns = var.kms_key_arn[*]
  settings     = var.function
  network      = local.network
  tags         = var.tags
}

module "refresh" {
  source = "../refresh"
  count  = var.refresh_every_minutes == null ? 0 : 1

  secret_arn               = one(concat(values(aws_secretsmanager_secret_rotation.secret)[*].secret_id, aws_secretsmanager_secret_rotation.existing[*].secret_id))
  function_arn             = module.function.function_arn
  function_name            = local.function_name
  every_minutes            = var.refresh_every_minutes
  kms_key_arn              = var.refresh_kms_key_arn
  role_path                = var.function.role_path
  permissions_boundary_arn = var.function.permissions_boundary_arn
  tags                     = var.tags
}

output "secret_arn" {
  description = "The secret's ARN, for policies and the applications that read it; null for a fleet."
  value       = local.is_fleet ? null : one(values(local.secret_arns))
}

output "secret_arns" {
  description = "The ARN of each secret of a fleet, by name."
  value       = local.is_fleet ? local.secret_arns : {}
}

output "rotating_secret_arns" {
  description = "The ARN of each secret, by a key, once its rotation is there: for the module `alarms`."
  value = merge(
    { for key, rotation in aws_secretsmanager_secret_rotation.secret : key => rotation.secret_id },
    { for rotation in aws_secretsmanager_secret_rotation.existing : "existing" => rotation.secret_id },
  )
}

output "secret_name_prefix" {
  description = "How the names of a fleet's secrets begin; null for one secret. For the module `alarms`."
  value       = try(var.fleet.secret_name_prefix, null)
}

output "token_lifetime_seconds" {
  description = "How long a token lives, as declared; null if that is not known, or the secret holds no token. For the module `alarms`."
  value       = local.token_lifetime_seconds
}

output "function_arn" {
  description = "The ARN of the function that rotates."
  value       = module.function.function_arn
}

output "function_name" {
  description = "The name of the function that rotates."
  value       = module.function.function_name
}

output "role_arn" {
  description = "The ARN of the function's role."
  value       = module.function.role_arn
}

output "security_group_id" {
  description = "The function's own security group, for the rule that lets it in at its target; null if it has none."
  value       = module.function.security_group_id
}
