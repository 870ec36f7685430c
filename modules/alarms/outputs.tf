output "topic_arn" {
  description = "Where the alarms go."
  value       = local.topic_arn
}

output "function_name" {
  description = "The name of the function that looks for overdue secrets. Its log names those that it finds."
  value       = aws_lambda_function.overdue.function_name
}

output "alarm_names" {
  description = "The names of all alarms."
  value       = concat(values(aws_cloudwatch_metric_alarm.function)[*].alarm_name, values(aws_cloudwatch_metric_alarm.secrets)[*].alarm_name)
}
