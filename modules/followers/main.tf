# What follows each rotation of a secret: a rule on the event that Secrets Manager sends by itself, without a trail, and a queue for
# what could not be delivered.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  partition = data.aws_partition.current.partition
  # `id`, which versions 5 and 6 of the provider both have.
  region     = data.aws_region.current.id
  account_id = data.aws_caller_identity.current.account_id

  followers = { for index, follower in var.on_rotated : index => follower }
  services  = { for index, follower in local.followers : index => follower.ecs_service if follower.ecs_service != null }
  buses     = { for index, follower in local.followers : index => follower.event_bus if follower.event_bus != null }
  webhooks  = { for index, follower in local.followers : index => follower.webhook if follower.webhook != null }

  # A topic and a queue have a policy of their own, and what the rule's role calls has none.
  called = {
    for action, arns in {
      "states:StartExecution"       = { for index in keys(local.services) : index => aws_sfn_state_machine.restart[index].arn }
      "events:PutEvents"            = { for index, bus in local.buses : index => bus.event_bus_arn }
      "events:InvokeApiDestination" = { for index in keys(local.webhooks) : index => aws_cloudwatch_event_api_destination.webhook[index].arn }
    } : action => arns if length(arns) > 0
  }
  called_arns = merge(values(local.called)...)
  told_arns = {
    for index, follower in local.followers : index => follower.sns != null ? follower.sns.topic_arn : follower.sqs.queue_arn
    if follower.sns != null || follower.sqs != null
  }
}

resource "aws_sqs_queue" "undelivered" {
  name_prefix               = "${substr(var.name, 0, 41)}-undelivered-"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
  tags                      = var.tags
}

resource "aws_cloudwatch_event_rule" "rotated" {
  name_prefix = "${substr(var.name, 0, 27)}-rotated-"
  description = "A secret has rotated (declared with Rotaform)"
  event_pattern = jsonencode({
    source        = ["aws.secretsmanager"]
    "detail-type" = ["Secret Label Updated"]
    resources     = [var.secret_arn]
    detail        = { labelUpdated = ["AWSCURRENT"] }
  })
  tags = var.tags

  depends_on = [var.first_version]
}

data "aws_iam_policy_document" "senders" {
  statement {
    sid       = "LetTheRuleSend"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.undelivered.arn]

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_cloudwatch_event_rule.rotated.arn]
    }
  }
}

resource "aws_sqs_queue_policy" "undelivered" {
  queue_url = aws_sqs_queue.undelivered.url
  policy    = data.aws_iam_policy_document.senders.json
}

resource "aws_cloudwatch_event_target" "called" {
  for_each = local.called_arns

  rule     = aws_cloudwatch_event_rule.rotated.name
  arn      = each.value
  role_arn = aws_iam_role.rule[0].arn

  dead_letter_config {
    arn = aws_sqs_queue.undelivered.arn
  }

  depends_on = [aws_sqs_queue_policy.undelivered, aws_iam_role_policy.rule]
}

resource "aws_cloudwatch_event_target" "told" {
  for_each = local.told_arns

  rule = aws_cloudwatch_event_rule.rotated.name
  arn  = each.value

  dead_letter_config {
    arn = aws_sqs_queue.undelivered.arn
  }

  depends_on = [aws_sqs_queue_policy.undelivered]
}

resource "aws_cloudwatch_event_api_destination" "webhook" {
  for_each = local.webhooks

  # The rule's name has at most 62 characters, and this one may have 64.
  name                = "${aws_cloudwatch_event_rule.rotated.name}-${each.key + 1}"
  description         = "A secret has rotated (declared with Rotaform)"
  connection_arn      = each.value.connection_arn
  invocation_endpoint = each.value.url
  http_method         = "POST"
}

# ─ as whom the rule calls

data "aws_iam_policy_document" "rule_trust" {
  count = min(length(local.called), 1)

  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account_id]
    }
  }
}

resource "aws_iam_role" "rule" {
  count = min(length(local.called), 1)

  name_prefix          = "${substr(var.name, 0, 29)}-rotated-"
  path                 = var.role_path
  permissions_boundary = var.permissions_boundary_arn
  description          = "Tells what follows the rotation of a secret (declared with Rotaform)"
  assume_role_policy   = data.aws_iam_policy_document.rule_trust[count.index].json
  tags                 = var.tags
}

data "aws_iam_policy_document" "rule_permissions" {
  count = min(length(local.called), 1)

  dynamic "statement" {
    for_each = local.called

    content {
      actions   = [statement.key]
      resources = values(statement.value)
    }
  }
}

resource "aws_iam_role_policy" "rule" {
  count = min(length(local.called), 1)

  name   = "follow"
  role   = aws_iam_role.rule[count.index].name
  policy = data.aws_iam_policy_document.rule_permissions[count.index].json
}

output "undelivered_queue_name" {
  description = "The queue that keeps for 14 days what could not be delivered."
  value       = aws_sqs_queue.undelivered.name
}
