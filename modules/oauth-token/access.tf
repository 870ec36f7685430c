# Who may use the secret besides its rotation: this file is the same in every module that has a secret. The secrets are
# `local.secret_arns`, `local.read_stages` are the labels that a reader may ask for, and `local.used_actions` is what is done with the
# secret.

variable "replicas" {
  description = <<-EOT
    Other regions in which the secret can be read. It rotates in its own, and its new value reaches them. With `existing`, the replicas that it has: nothing here changes them.

    - `region` - Such as `eu-west-1`.
    - `kms_key_arn` - The customer key of that region that encrypts the replica. Default: AWS's own key, `aws/secretsmanager`.
  EOT
  type = list(object({
    region      = string
    kms_key_arn = optional(string)
  }))
  default  = []
  nullable = false

  validation {
    condition     = alltrue([for replica in var.replicas : can(regex("^[a-z]{2,4}(-[a-z]+)+-\\d+$", replica.region))])
    error_message = "replicas has ${jsonencode(try(var.replicas[*].region, var.replicas))} as regions. Expected the name of one each, such as eu-west-1."
  }

  validation {
    condition     = try(!contains(var.replicas[*].region, data.aws_region.current.id), true)
    error_message = "replicas has the secret's own region ${data.aws_region.current.id}. Leave it out."
  }

  validation {
    condition     = try(length(distinct(var.replicas[*].region)) == length(var.replicas), true)
    error_message = "replicas has a region twice: ${jsonencode(try(var.replicas[*].region, var.replicas))}. Leave one out."
  }

  validation {
    condition     = try(alltrue([for replica in var.replicas : regexall("^(?:cn|us-gov)-", replica.region) == regexall("^(?:cn|us-gov)-", data.aws_region.current.id)]), true)
    error_message = "replicas has ${jsonencode(try(var.replicas[*].region, var.replicas))} as regions, and the secret is in ${data.aws_region.current.id}: AWS keeps their partitions apart. Expected regions of the secret's own partition."
  }

  validation {
    condition     = alltrue([for replica in var.replicas : try(replica.kms_key_arn, null) == null || can(regex("^arn:${data.aws_partition.current.partition}:kms:${replica.region}:\\d{12}:key/[\\w-]+$", replica.kms_key_arn))])
    error_message = "replicas has ${jsonencode(try(var.replicas[*].kms_key_arn, var.replicas))} as kms_key_arn. Expected for each replica the ARN of a key in its region, arn:${data.aws_partition.current.partition}:kms:REGION:ACCOUNT:key/ID: a policy cannot name a key by its alias."
  }
}

variable "resource_policy" {
  description = <<-EOT
    The secret's own policy; of a fleet, that of each of its secrets. `Resource = "*"` means the secret and its replicas. Leave it out, and Terraform does not touch the policy that the secret has.

    - `json` - The policy, as `data.aws_iam_policy_document` makes it.
    - `block_public_policy` - Whether AWS refuses a policy that lets everybody in.
  EOT
  type = object({
    json                = string
    block_public_policy = optional(bool, true)
  })
  default = null

  validation {
    condition = var.resource_policy == null || try(length(flatten([jsondecode(var.resource_policy.json).Statement])) > 0 && alltrue([
      for statement in flatten([jsondecode(var.resource_policy.json).Statement]) :
      contains(["Allow", "Deny"], statement.Effect) && length(setsubtract(keys(statement), local.statement_elements)) == 0
    ]), false)
    error_message = "resource_policy.json is no policy as IAM spells it: expected JSON with one statement or more, whose Effect is Allow or Deny, and which have no elements but ${join(", ", local.statement_elements)}. data.aws_iam_policy_document.NAME.json is such JSON."
  }

  # What denies an action here is a statement that means everybody and this secret, without a condition.
  validation {
    condition = !anytrue([for lock_out in local.lock_outs : alltrue([for action in lock_out : anytrue([
      for statement in try(flatten([jsondecode(var.resource_policy.json).Statement]), []) :
      anytrue([for pattern in try(flatten([statement.NotAction]), flatten([statement.Action])) : can(regex("(?i)^${replace(replace(pattern, "*", ".*"), "?", ".")}$", action))]) != can(statement.NotAction)
      if try(statement.Effect == "Deny" && contains(try(flatten([statement.Principal.AWS]), flatten([statement.Principal])), "*") && contains(flatten([statement.Resource]), "*") && alltrue([for keys in try(values(statement.Condition), []) : length(keys) == 0]), false)
    ])])])
    error_message = "resource_policy.json denies everybody, whoever deploys included, to change the policy or to call one of ${join(", ", local.used_actions)}. Say in the statement whom it does not mean, by a condition on aws:PrincipalArn."
  }

  validation {
    condition = try(!var.resource_policy.block_public_policy, true) || !anytrue([
      for statement in try(flatten([jsondecode(var.resource_policy.json).Statement]), []) :
      try(statement.Effect == "Allow" && contains(try(flatten([statement.Principal.AWS]), flatten([statement.Principal])), "*") && alltrue([for keys in try(values(statement.Condition), []) : length(keys) == 0]), false)
    ])
    error_message = "resource_policy.json allows everybody what one of its statements says, in any account. AWS refuses it: give principals or a condition, or set block_public_policy = false."
  }
}

locals {
  statement_elements = ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"]
  # If everybody is denied all actions of a line, the secret is of no use, or nobody can change its policy again.
  lock_outs = concat(
    [for action in local.used_actions : [action]],
    [["secretsmanager:PutResourcePolicy", "secretsmanager:DeleteResourcePolicy"]],
  )

  # Of each secret, in each region.
  readable_arns = { for key, arn in local.secret_arns : key => concat([arn], [for replica in var.replicas : replace(arn, ":${data.aws_region.current.id}:", ":${replica.region}:")]) }
  replica_keys  = { for index, replica in var.replicas : index => replica if replica.kms_key_arn != null }
}

resource "aws_secretsmanager_secret_policy" "secret" {
  for_each = { for key in keys(local.secret_arns) : key => key if var.resource_policy != null }

  secret_arn          = local.secret_arns[each.key]
  policy              = var.resource_policy.json
  block_public_policy = var.resource_policy.block_public_policy
}

output "read_policy_json" {
  description = "The policy that an application's role needs to read the secret, or the secrets of the fleet, as rotaform-client does."
  value       = data.aws_iam_policy_document.read.json
}

data "aws_iam_policy_document" "read" {
  statement {
    sid       = "ReadTheSecret"
    actions   = ["secretsmanager:GetSecretValue"]
    resources = flatten(values(local.readable_arns))

    condition {
      test     = "StringEquals"
      variable = "secretsmanager:VersionStage"
      values   = local.read_stages
    }
  }

  dynamic "statement" {
    for_each = var.kms_key_arn[*]

    content {
      sid       = "UseTheKey"
      actions   = ["kms:Decrypt"]
      resources = [statement.value]

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = ["secretsmanager.${data.aws_region.current.id}.amazonaws.com"]
      }

      condition {
        test     = "StringEquals"
        variable = "kms:EncryptionContext:SecretARN"
        values   = values(local.secret_arns)
      }
    }
  }

  dynamic "statement" {
    for_each = local.replica_keys

    content {
      sid       = "UseTheKeyOfReplica${statement.key + 1}"
      actions   = ["kms:Decrypt"]
      resources = [statement.value.kms_key_arn]

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = ["secretsmanager.${statement.value.region}.amazonaws.com"]
      }

      condition {
        test     = "StringEquals"
        variable = "kms:EncryptionContext:SecretARN"
        values   = flatten([for arn in values(local.secret_arns) : [arn, replace(arn, ":${data.aws_region.current.id}:", ":${statement.value.region}:")]])
      }
    }
  }
}
