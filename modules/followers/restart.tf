# Restarts ECS services. A rule of EventBridge cannot call ECS's UpdateService, and a state machine can, without any code.
# https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html

data "aws_iam_policy_document" "restart_trust" {
  count = min(length(local.services), 1)

  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["states.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account_id]
    }
  }
}

resource "aws_iam_role" "restart" {
  for_each = local.services

  name_prefix          = "${substr(var.name, 0, 29)}-restart-"
  path                 = var.role_path
  permissions_boundary = var.permissions_boundary_arn
  description          = "Restarts a service when its secret has rotated (declared with Rotaform)"
  assume_role_policy   = data.aws_iam_policy_document.restart_trust[0].json
  tags                 = var.tags
}

data "aws_iam_policy_document" "restart_permissions" {
  for_each = local.services

  statement {
    sid       = "DescribeTheSecret"
    actions   = ["secretsmanager:DescribeSecret"]
    resources = [var.secret_arn]
  }

  statement {
    sid       = "RestartTheService"
    actions   = ["ecs:UpdateService"]
    resources = ["arn:${local.partition}:ecs:${local.region}:${local.account_id}:service/${each.value.cluster_name}/${each.value.service_name}"]
  }

  statement {
    sid       = "KeepTheEvent"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.undelivered.arn]
  }
}

resource "aws_iam_role_policy" "restart" {
  for_each = local.services

  name   = "restart"
  role   = aws_iam_role.restart[each.key].name
  policy = data.aws_iam_policy_document.restart_permissions[each.key].json
}

locals {
  on_failure = {
    Retry = [{ ErrorEquals = ["States.ALL"], IntervalSeconds = 5, MaxAttempts = 4, BackoffRate = 2 }]
    Catch = [{ ErrorEquals = ["States.ALL"], Next = "KeepTheEvent" }]
  }
}

# The event says nothing of the versions before: a secret's first version has no predecessor.
resource "aws_sfn_state_machine" "restart" {
  for_each = local.services

  name_prefix = "${substr(var.name, 0, 45)}-restart-"
  role_arn    = aws_iam_role.restart[each.key].arn
  tags        = var.tags

  definition = jsonencode({
    Comment       = "Restarts a service when its secret has rotated (declared with Rotaform)"
    QueryLanguage = "JSONata"
    StartAt       = "DescribeTheSecret"
    States = {
      DescribeTheSecret = merge(local.on_failure, {
        Type      = "Task"
        Resource  = "arn:${local.partition}:states:::aws-sdk:secretsmanager:describeSecret"
        Arguments = { SecretId = var.secret_arn }
        Next      = "HasItRotated"
      })
      HasItRotated = {
        Type    = "Choice"
        Choices = [{ Condition = "{% 'AWSPREVIOUS' in $states.input.VersionIdsToStages.* %}", Next = "RestartTheService" }]
        Default = "ItIsTheFirstVersion"
      }
      ItIsTheFirstVersion = { Type = "Succeed" }
      RestartTheService = merge(local.on_failure, {
        Type      = "Task"
        Resource  = "arn:${local.partition}:states:::aws-sdk:ecs:updateService"
        Arguments = { Cluster = each.value.cluster_name, Service = each.value.service_name, ForceNewDeployment = true }
        End       = true
      })
      KeepTheEvent = {
        Type      = "Task"
        Resource  = "arn:${local.partition}:states:::sqs:sendMessage"
        Arguments = { QueueUrl = aws_sqs_queue.undelivered.url, MessageBody = "{% $string($states.context.Execution.Input) %}" }
        Next      = "ItWasNotRestarted"
      }
      ItWasNotRestarted = {
        Type  = "Fail"
        Error = "NotRestarted"
        Cause = "The service was not restarted. The dead-letter queue has the event."
      }
    }
  })

  depends_on = [aws_iam_role_policy.restart]
}
