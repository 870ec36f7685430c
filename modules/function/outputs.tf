output "function_arn" {
  description = "The function's ARN, once it may be called: its permission, its policies, its log group and its network are there."
  value       = aws_lambda_function.function.arn

  depends_on = [
    aws_lambda_permission.secrets_manager,
    aws_iam_role_policy.rotation,
    aws_cloudwatch_log_group.function,
    aws_vpc_security_group_egress_rule.secrets_manager,
    aws_vpc_security_group_egress_rule.target,
  ]
}

output "log_group_arn" {
  description = "The ARN of the function's log group."
  value       = aws_cloudwatch_log_group.function.arn
}

output "function_name" {
  description = "The function's name."
  value       = aws_lambda_function.function.function_name
}

output "role_arn" {
  description = "The ARN of the function's role."
  value       = aws_iam_role.function.arn
}

output "security_group_id" {
  description = "The function's own security group, for the rule that lets it in at its target; null if it has none."
  value       = one(aws_security_group.function[*].id)
}
