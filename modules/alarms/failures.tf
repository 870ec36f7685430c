# Tells which rotation failed, by the events of a trail. Without a trail in the region no event comes, and only the alarms tell.

locals {
  watched = concat([for arn in local.prefix_arns : { prefix = arn }], [for arn in local.named_arns : arn])
  # EventBridge takes patterns of 2,048 characters. A name may have 512, and the count must be known before the ARNs are.
  arns_a_rule  = 3
  failure_text = "<what>: <secret>, at <time>. <why>. The current value was not changed, and Secrets Manager tries again by itself. The log of the function says why, with a code: https://<region>.console.aws.amazon.com/cloudwatch/home?region=<region>#logsV2:log-groups . What each code means, and what to do: ${var.runbook_url} ."
}

resource "aws_cloudwatch_event_rule" "failed" {
  count = ceil(length(local.watched) / local.arns_a_rule)

  name        = "${var.name}-failed-${count.index + 1}"
  description = "Rotations that failed, as a CloudTrail trail of the region tells; without one, only the alarms tell (declared with Rotaform)"
  event_pattern = jsonencode({
    source        = ["aws.secretsmanager"]
    "detail-type" = ["AWS Service Event via CloudTrail"]
    detail = {
      eventSource         = ["secretsmanager.amazonaws.com"]
      eventName           = ["RotationFailed", "RotationAbandoned", "TestRotationFailed"]
      additionalEventData = { SecretId = slice(local.watched, count.index * local.arns_a_rule, min(length(local.watched), (count.index + 1) * local.arns_a_rule)) }
    }
  })
  tags = var.tags
}

resource "aws_cloudwatch_event_target" "failed" {
  count = length(aws_cloudwatch_event_rule.failed)

  rule = aws_cloudwatch_event_rule.failed[count.index].name
  arn  = local.topic_arn

  input_transformer {
    input_paths = {
      what   = "$.detail.eventName"
      secret = "$.detail.additionalEventData.SecretId"
      why    = "$.detail.errorMessage"
      region = "$.region"
      time   = "$.time"
    }
    input_template = "\"${local.failure_text}\""
  }
}
