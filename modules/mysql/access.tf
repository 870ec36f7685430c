# Who may use the secret besides its rotation: this file is the same in every module that has a secret. The secrets are
# `local.secret_arns`, and `local.read_stages` are the labels that a reader may ask for.

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
    error_message = "replicas has ${jsonencode(var.replicas[*].region)} as regions. Expected the name of one each, such as eu-west-1."
  }

  validation {
    condition     = !contains(var.replicas[*].region, data.aws_region.current.id)
    error_message = "replicas has the secret's own region ${data.aws_region.current.id}. Leave it out."
  }

  validation {
    condition     = length(distinct(var.replicas[*].region)) == length(var.replicas)
    error_message = "replicas has a region twice: ${jsonencode(var.replicas[*].region)}. Leave one out."
  }

  validation {
    condition     = alltrue([for replica in var.replicas : replica.kms_key_arn == null || can(regex("^arn:[\\w-]+:kms:[\\w-]+:\\d{12}:key/[\\w-]+$", replica.kms_key_arn))])
    error_message = "replicas has a kms_key_arn that is no key's ARN. Expected arn:aws:kms:REGION:ACCOUNT:key/ID: a policy cannot name a key by its alias."
  }

  validation {
    condition     = alltrue([for replica in var.replicas : try(split(":", replica.kms_key_arn)[3] == replica.region, true)])
    error_message = "replicas has a kms_key_arn of another region. Expected a key of the replica's own region."
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
    condition     = var.resource_policy == null || can(flatten([jsondecode(var.resource_policy.json).Statement])[0].Effect)
    error_message = "resource_policy.json is not a policy: expected its JSON, with one statement or more, such as data.aws_iam_policy_document.NAME.json."
  }

  # What needs no evaluator to see: who may still change the policy is nobody, or the rotation stops.
  validation {
    condition = var.resource_policy == null || length([
      for statement in try(flatten([jsondecode(var.resource_policy.json).Statement]), []) : statement
      if statement.Effect == "Deny" && !can(statement.Condition) && contains(["\"*\"", "{\"AWS\":\"*\"}", "{\"AWS\":[\"*\"]}"], jsonencode(try(statement.Principal, null))) && anytrue([
        for action in try(flatten([statement.Action]), []) : contains(["*", "secretsmanager:*", "secretsmanager:get*", "secretsmanager:getsecretvalue", "secretsmanager:put*", "secretsmanager:putresourcepolicy"], lower(action))
      ])
    ]) == 0
    error_message = "resource_policy.json denies everybody, whoever deploys and the function that rotates the secret included. Say in the statement whom it does not mean, by a condition on aws:PrincipalArn."
  }
}

locals {
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
