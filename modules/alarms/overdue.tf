# The function that looks which secrets are overdue: twice a day, so that every day of CloudWatch has a value.

locals {
  function_name = "${var.name}-overdue"
  archive       = "${path.module}/../function/archives/overdue.zip"
  watch = merge(
    {
      name      = var.name
      secretIds = local.secret_arns
      lifetimeSeconds = merge([
        for rotation in values(var.rotations) : { for arn in values(rotation.rotating_secret_arns) : arn => rotation.token_lifetime_seconds }
        if rotation.token_lifetime_seconds != null
      ]...)
      except = var.except
    },
    { for prefix in var.secret_name_prefix[*] : "secretNamePrefix" => prefix },
  )
}

resource "aws_cloudwatch_log_group" "overdue" {
  name              = "/aws/lambda/${local.function_name}"
  retention_in_days = 365
  tags              = var.tags
}

data "aws_iam_policy_document" "overdue_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "overdue" {
  name_prefix          = "${substr(local.function_name, 0, 37)}-"
  path                 = var.role_path
  permissions_boundary = var.permissions_boundary_arn
  description          = "Looks which secrets are overdue (declared with Rotaform)"
  assume_role_policy   = data.aws_iam_policy_document.overdue_trust.json
  tags                 = var.tags
}

# What describes secrets, and no action that reads a value.
data "aws_iam_policy_document" "overdue_permissions" {
  dynamic "statement" {
    # A fleet may have no secret today.
    for_each = length(local.watched) > 0 ? [concat(local.named_arns, [for arn in local.prefix_arns : "${arn}*"])] : []

    content {
      sid       = "DescribeTheSecrets"
      actions   = ["secretsmanager:DescribeSecret", "secretsmanager:ListSecretVersionIds"]
      resources = statement.value
    }
  }

  # IAM knows no resource for a list.
  dynamic "statement" {
    for_each = var.secret_name_prefix[*]

    content {
      sid       = "ListSecrets"
      actions   = ["secretsmanager:ListSecrets"]
      resources = ["*"]
    }
  }

  statement {
    sid       = "WriteTheLog"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.overdue.arn}:*"]
  }
}

resource "aws_iam_role_policy" "overdue" {
  name   = "overdue"
  role   = aws_iam_role.overdue.name
  policy = data.aws_iam_policy_document.overdue_permissions.json
}

resource "aws_lambda_function" "overdue" {
  function_name    = local.function_name
  description      = "Looks which secrets are overdue (declared with Rotaform)"
  filename         = local.archive
  source_code_hash = filebase64sha256(local.archive)
  handler          = "index.handler"
  runtime          = var.runtime
  architectures    = ["arm64"]
  role             = aws_iam_role.overdue.arn
  timeout          = 300
  memory_size      = 256
  tags             = var.tags

  tracing_config {
    mode = "PassThrough"
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.overdue.name
  }
}

# Publishes the first value, before there is an alarm that waits for one. The secrets rotate by then, or that would be found: their
# ARNs come from their rotations. Nothing says which secrets begin with the prefix, and when they are there: the schedule looks.
resource "aws_lambda_invocation" "first_look" {
  function_name = aws_lambda_function.overdue.function_name
  input         = jsonencode({ for name, value in local.watch : name => value if name != "secretNamePrefix" })

  triggers = {
    code = filebase64sha256(local.archive)
  }

  depends_on = [aws_iam_role_policy.overdue]
}

data "aws_iam_policy_document" "scheduler_trust" {
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
  name_prefix          = "${substr(var.name, 0, 29)}-overdue-"
  path                 = var.role_path
  permissions_boundary = var.permissions_boundary_arn
  description          = "Starts the look for overdue secrets (declared with Rotaform)"
  assume_role_policy   = data.aws_iam_policy_document.scheduler_trust.json
  tags                 = var.tags
}

data "aws_iam_policy_document" "scheduler_permissions" {
  statement {
    sid       = "InvokeTheFunction"
    actions   = ["lambda:InvokeFunction"]
    resources = [aws_lambda_function.overdue.arn]
  }
}

resource "aws_iam_role_policy" "scheduler" {
  name   = "invoke"
  role   = aws_iam_role.scheduler.name
  policy = data.aws_iam_policy_document.scheduler_permissions.json
}

resource "aws_scheduler_schedule" "overdue" {
  name                = local.function_name
  description         = "Looks which secrets are overdue (declared with Rotaform)"
  schedule_expression = "rate(12 hours)"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_lambda_function.overdue.arn
    role_arn = aws_iam_role.scheduler.arn
    # jsonencode() would write the brackets otherwise.
    input = "${trimsuffix(jsonencode(local.watch), "}")},\"now\":\"<aws.scheduler.scheduled-time>\"}"
  }

  # A rate begins at once.
  depends_on = [aws_iam_role_policy.scheduler, aws_lambda_invocation.first_look]
}
