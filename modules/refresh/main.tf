# Lets EventBridge Scheduler rotate a secret more often than Secrets Manager does by itself.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  partition = data.aws_partition.current.partition
  # `id`, which versions 5 and 6 of the provider both have.
  region     = data.aws_region.current.id
  account_id = data.aws_caller_identity.current.account_id
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["scheduler.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account_id]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = ["arn:${local.partition}:scheduler:${local.region}:${local.account_id}:schedule-group/default"]
    }
  }
}

resource "aws_iam_role" "scheduler" {
  name_prefix          = "${substr(var.function_name, 0, 29)}-refresh-"
  path                 = var.role_path
  permissions_boundary = var.permissions_boundary_arn
  description          = "Rotates a secret every few minutes (declared with Rotaform)"
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  tags                 = var.tags
}

data "aws_iam_policy_document" "permissions" {
  statement {
    sid       = "RotateTheSecret"
    actions   = ["secretsmanager:RotateSecret"]
    resources = [var.secret_arn]
  }

  # Who starts a rotation must be allowed to invoke its function.
  statement {
    sid       = "InvokeItsFunction"
    actions   = ["lambda:InvokeFunction"]
    resources = [var.function_arn]
  }

  dynamic "statement" {
    for_each = var.kms_key_arn[*]

    content {
      sid       = "ReadTheSchedule"
      actions   = ["kms:Decrypt"]
      resources = [statement.value]

      # Scheduler calls KMS as the role itself: such a call has no `kms:ViaService`.
      condition {
        test     = "ArnEquals"
        variable = "kms:EncryptionContext:aws:scheduler:schedule:arn"
        values   = ["arn:${local.partition}:scheduler:${local.region}:${local.account_id}:schedule/default/${var.function_name}"]
      }
    }
  }
}

resource "aws_iam_role_policy" "refresh" {
  name   = "refresh"
  role   = aws_iam_role.scheduler.name
  policy = data.aws_iam_policy_document.permissions.json
}

resource "aws_scheduler_schedule" "refresh" {
  name                = var.function_name
  description         = "Rotates a secret every ${var.every_minutes} minutes (declared with Rotaform)"
  schedule_expression = "rate(${var.every_minutes} minutes)"
  kms_key_arn         = var.kms_key_arn

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = "arn:${local.partition}:scheduler:::aws-sdk:secretsmanager:rotateSecret"
    role_arn = aws_iam_role.scheduler.arn
    # The version's id, of 32 characters or more: the same in all attempts of one execution, whose id has 16. jsonencode() would
    # write the brackets otherwise.
    input = "{\"SecretId\":\"${var.secret_arn}\",\"ClientRequestToken\":\"rotaform-refresh-<aws.scheduler.execution-id>\"}"

    # What is refused while a rotation is under way is no longer wanted once the next one is due.
    retry_policy {
      maximum_event_age_in_seconds = var.every_minutes * 60
      maximum_retry_attempts       = 10
    }
  }

  depends_on = [aws_iam_role_policy.refresh]
}
