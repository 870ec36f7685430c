locals {
  # A module does not see whether another one watches the same function, so each alarm has its name before the function's.
  functions = merge(
    { for key, rotation in var.rotations : "rotations/${key}" => { name = rotation.function_name, alarms = "${var.name}-${rotation.function_name}", what = "A rotation" } },
    { overdue = { name = aws_lambda_function.overdue.function_name, alarms = local.function_name, what = "The function that looks for overdue secrets" } },
  )
  function_alarms = merge([
    for metric, says in { Errors = "failed", Throttles = "was not started: too many functions run" } : {
      for key, function in local.functions : "${key}/${lower(metric)}" => merge(function, { metric = metric, says = says })
    }
  ]...)

  secret_alarms = {
    overdue = {
      metric  = "DaysOverdue"
      says    = "Secrets did not rotate in time, or nobody has looked for a day."
      entry   = "finding-overdue"
      missing = "breaching"
    }
    not-rotating = {
      metric  = "NotRotating"
      says    = "Secrets are not there, do not rotate, or have a rotation that does not end."
      entry   = "what-status-and-preflight-find"
      missing = "notBreaching"
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "function" {
  for_each = local.function_alarms

  alarm_name          = "${each.value.alarms}-${lower(each.value.metric)}"
  alarm_description   = "${each.value.what} ${each.value.says}. The log /aws/lambda/${each.value.name} says why, with a code. What each code means: ${var.runbook_url}#rotation-function"
  namespace           = "AWS/Lambda"
  metric_name         = each.value.metric
  dimensions          = { FunctionName = each.value.name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [local.topic_arn]
  tags                = var.tags
}

resource "aws_cloudwatch_metric_alarm" "secrets" {
  for_each = local.secret_alarms

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = "${each.value.says} The log ${aws_cloudwatch_log_group.overdue.name} names them. What to do: ${var.runbook_url}#${each.value.entry}"
  namespace           = "Rotaform"
  metric_name         = each.value.metric
  dimensions          = { Alarms = var.name }
  statistic           = "Maximum"
  period              = 86400
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = each.value.missing
  alarm_actions       = [local.topic_arn]
  ok_actions          = [local.topic_arn]
  tags                = var.tags

  depends_on = [aws_lambda_invocation.first_look]
}
