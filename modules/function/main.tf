data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  # By this, `rotaform preflight` knows a function that it may ask. Nobody here knows what the code of an archive from elsewhere does.
  description = "Rotates secrets in Secrets Manager (${var.rotation.is_from_elsewhere ? "declared with Rotaform, code from elsewhere" : "declared with Rotaform"})"
  # `id`, which versions 5 and 6 of the provider both have.
  region = data.aws_region.current.id
  # By its name: a new archive then leaves the policy as it is.
  planned_arn = "arn:${data.aws_partition.current.partition}:lambda:${local.region}:${data.aws_caller_identity.current.account_id}:function:${var.name}"

  # Base64 writes three bytes as four characters; length() of a text does not count bytes.
  environment_base64 = base64encode(replace(replace(replace(replace(replace(jsonencode(var.rotation.environment), "\\u003c", "<"), "\\u003e", ">"), "\\u0026", "&"), "\\u2028", "..."), "\\u2029", "..."))
  environment_bytes  = length(local.environment_base64) / 4 * 3 - length(regexall("=", local.environment_base64))
}

resource "aws_cloudwatch_log_group" "function" {
  name              = "/aws/lambda/${var.name}"
  retention_in_days = var.settings.log_retention_days
  kms_key_id        = var.settings.log_kms_key_arn
  tags              = var.tags
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "function" {
  # A role's name is the account's, not the region's: the same stack in a second region must not collide.
  name_prefix          = "${substr(var.name, 0, 37)}-"
  path                 = var.settings.role_path
  permissions_boundary = var.settings.permissions_boundary_arn
  description          = local.description
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  tags                 = var.tags
}

resource "aws_lambda_function" "function" {
  function_name                  = var.name
  description                    = local.description
  filename                       = local.signed_code == null ? var.rotation.archive : null
  source_code_hash               = local.signed_code == null ? filebase64sha256(var.rotation.archive) : null
  s3_bucket                      = local.signed_code == null ? null : local.signed_code.bucket
  s3_key                         = local.signed_code == null ? null : local.signed_code.key
  code_signing_config_arn        = try(var.settings.code_signing.config_arn, null)
  handler                        = "index.handler"
  runtime                        = var.settings.runtime
  architectures                  = [var.settings.architecture]
  role                           = aws_iam_role.function.arn
  timeout                        = var.settings.timeout_seconds
  memory_size                    = var.settings.memory_megabytes
  reserved_concurrent_executions = var.settings.reserved_concurrent_executions
  kms_key_arn                    = var.settings.environment_kms_key_arn
  tags                           = var.tags

  environment {
    variables = var.rotation.environment
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.function.name
  }

  tracing_config {
    mode = var.settings.tracing ? "Active" : "PassThrough"
  }

  dynamic "vpc_config" {
    for_each = var.network[*]

    content {
      subnet_ids         = vpc_config.value.subnet_ids
      security_group_ids = local.security_group_ids
    }
  }

  # Lambda refuses to make a function in a VPC without them.
  depends_on = [aws_iam_role_policy.network]

  lifecycle {
    precondition {
      condition     = local.environment_bytes <= 4096
      error_message = "The function's environment has ${local.environment_bytes} bytes, names included. Lambda accepts at most 4096. Shorten its values, or read the long ones from a secret or a parameter."
    }
  }
}

data "aws_iam_policy_document" "permissions" {
  statement {
    sid = "RotateTheSecret"
    actions = concat(
      ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
      var.rotation.reads_earlier_versions ? ["secretsmanager:ListSecretVersionIds"] : [],
      ["secretsmanager:PutSecretValue", "secretsmanager:UpdateSecretVersionStage"],
    )
    resources = [var.secret_arn]

    dynamic "condition" {
      for_each = var.is_shared ? [local.planned_arn] : []

      content {
        test     = "StringEquals"
        variable = "secretsmanager:resource/AllowRotationLambdaArn"
        values   = [condition.value]
      }
    }
  }

  statement {
    sid       = "WriteTheLog"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.function.arn}:*"]
  }

  dynamic "statement" {
    for_each = length(var.kms_key_arns) > 0 ? [var.kms_key_arns] : []

    content {
      sid       = "UseTheKey"
      actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
      resources = statement.value

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = ["secretsmanager.${local.region}.amazonaws.com"]
      }

      condition {
        test     = var.is_shared ? "StringLike" : "StringEquals"
        variable = "kms:EncryptionContext:SecretARN"
        values   = [var.secret_arn]
      }
    }
  }

  # Secrets Manager encrypts a replica's new version for whoever wrote it.
  dynamic "statement" {
    for_each = [for replica in var.replicas : replica if replica.kms_key_arn != null]

    content {
      sid       = "UseTheKeyOfReplica${statement.key + 1}"
      actions   = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"]
      resources = [statement.value.kms_key_arn]

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = ["secretsmanager.${local.region}.amazonaws.com", "secretsmanager.${statement.value.region}.amazonaws.com"]
      }

      condition {
        test     = var.is_shared ? "StringLike" : "StringEquals"
        variable = "kms:EncryptionContext:SecretARN"
        values   = [var.secret_arn, replace(var.secret_arn, ":${local.region}:", ":${statement.value.region}:")]
      }
    }
  }

  dynamic "statement" {
    # X-Ray has no resources to name.
    for_each = var.settings.tracing ? ["*"] : []

    content {
      sid       = "SendTraces"
      actions   = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
      resources = [statement.value]
    }
  }

  dynamic "statement" {
    for_each = var.rotation.statements

    content {
      sid       = statement.value.sid
      effect    = statement.value.effect
      actions   = statement.value.actions
      resources = statement.value.resources

      dynamic "condition" {
        for_each = statement.value.conditions

        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_iam_role_policy" "rotation" {
  name   = "rotation"
  role   = aws_iam_role.function.name
  policy = data.aws_iam_policy_document.permissions.json
}

resource "aws_lambda_permission" "secrets_manager" {
  statement_id  = "AllowSecretsManagerToRotate"
  action        = "lambda:InvokeFunction"
  principal     = "secretsmanager.amazonaws.com"
  function_name = aws_lambda_function.function.function_name
  source_arn    = var.secret_arn
  # As the log group has it: a data source of a module with depends_on is read again at apply whenever that changes, and the
  # permission would be replaced.
  source_account = split(":", aws_cloudwatch_log_group.function.arn)[4]
}
