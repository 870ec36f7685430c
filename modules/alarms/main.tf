# Tells somebody when a rotation fails, or does not take place.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  account_id = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition
  # `id`, which versions 5 and 6 of the provider both have.
  region = data.aws_region.current.id

  topic_arn   = var.email == null ? var.topic_arn : one(aws_sns_topic.alarms[*].arn)
  secret_arns = flatten([for rotation in values(var.rotations) : values(rotation.rotating_secret_arns)])
  # A fleet is named by its prefix, however many secrets it has. The names alone are compared: the place may be unknown at plan.
  named_arns  = flatten([for rotation in values(var.rotations) : values(rotation.rotating_secret_arns) if rotation.secret_name_prefix == null])
  prefixes    = distinct(concat(var.secret_name_prefix[*], [for rotation in values(var.rotations) : rotation.secret_name_prefix if rotation.secret_name_prefix != null]))
  prefix_arns = [for prefix in local.prefixes : "arn:${local.partition}:secretsmanager:${local.region}:${local.account_id}:secret:${prefix}"]
}

# Who is told: a topic that CloudWatch and EventBridge may publish to, and one address.

resource "aws_sns_topic" "alarms" {
  count = var.email == null ? 0 : 1

  name = var.name
  tags = var.tags
}

data "aws_iam_policy_document" "publishers" {
  count = length(aws_sns_topic.alarms)

  dynamic "statement" {
    for_each = { LetAlarmsPublish = "cloudwatch", LetRulesPublish = "events" }

    content {
      sid       = statement.key
      actions   = ["sns:Publish"]
      resources = [aws_sns_topic.alarms[0].arn]

      principals {
        type        = "Service"
        identifiers = ["${statement.value}.amazonaws.com"]
      }

      condition {
        test     = "StringEquals"
        variable = "aws:SourceAccount"
        values   = [local.account_id]
      }
    }
  }
}

resource "aws_sns_topic_policy" "alarms" {
  count = length(aws_sns_topic.alarms)

  arn    = aws_sns_topic.alarms[0].arn
  policy = data.aws_iam_policy_document.publishers[0].json
}

resource "aws_sns_topic_subscription" "alarms" {
  count = length(aws_sns_topic.alarms)

  topic_arn = aws_sns_topic.alarms[0].arn
  protocol  = "email"
  endpoint  = var.email
}
