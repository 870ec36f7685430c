# What follows a rotation: this file is the same in every module of a rotating secret.

variable "on_rotated" {
  description = <<-EOT
    What happens each time the secret has rotated; of a fleet, each of its secrets. At most five followers, each with one of these:

    - `ecs_service` - Restarts the tasks of the ECS service `service_name` of the cluster `cluster_name`, by a new deployment.
    - `sns` - Publishes the event to the topic `topic_arn`, whose policy must let `events.amazonaws.com` publish.
    - `sqs` - Sends the event to the queue `queue_arn`, whose policy must let `events.amazonaws.com` send.
    - `event_bus` - Sends the event to another event bus, `event_bus_arn`.
    - `webhook` - Sends the event with an HTTP POST to `url`. `connection_arn` is the EventBridge connection that holds the request's credential, made elsewhere: of one that Terraform makes, the key would be in the state.

    Nothing happens for the first version, or if a rotation fails. No message holds a value.
  EOT
  type = list(object({
    ecs_service = optional(object({ cluster_name = string, service_name = string }))
    sns         = optional(object({ topic_arn = string }))
    sqs         = optional(object({ queue_arn = string }))
    event_bus   = optional(object({ event_bus_arn = string }))
    webhook     = optional(object({ connection_arn = string, url = string }))
  }))
  default  = []
  nullable = false

  validation {
    condition     = alltrue([for follower in var.on_rotated : length([for kind in try(values(follower), []) : true if kind != null]) == 1])
    error_message = "on_rotated has a follower with ${join(" and one with ", [for follower in var.on_rotated : length([for kind in try(values(follower), []) : true if kind != null]) if length([for kind in try(values(follower), []) : true if kind != null]) != 1])} of ecs_service, sns, sqs, event_bus and webhook. Expected exactly one in each."
  }

  validation {
    condition     = length(var.on_rotated) <= 5
    error_message = "on_rotated has ${length(var.on_rotated)} followers. Expected at most 5. Send to one SNS topic or event bus, which passes it on to more."
  }

  validation {
    condition     = length(distinct(var.on_rotated)) == length(var.on_rotated)
    error_message = "on_rotated has the same follower twice, which would follow each rotation twice. Give it once."
  }

  validation {
    condition     = alltrue(flatten([for follower in var.on_rotated : [for kind in try(values(follower), []) : [for option, value in kind : can(regex(local.follower_forms[option].form, value))] if kind != null]]))
    error_message = "on_rotated has ${join(", and ", flatten([for follower in var.on_rotated : [for kind in try(values(follower), []) : [for option, value in kind : "as ${option} ${option == "url" ? "what is no such address" : jsonencode(value)}: expected ${local.follower_forms[option].expected}" if !can(regex(local.follower_forms[option].form, value))] if kind != null]]))}."
  }

  validation {
    condition     = alltrue(flatten([for follower in var.on_rotated : [for kind in try([follower.sns, follower.sqs, follower.webhook], []) : [for option, value in kind : option == "url" || try(split(":", value)[3] == data.aws_region.current.id, true)] if kind != null]]))
    error_message = "on_rotated has a topic_arn, queue_arn or connection_arn of another region than the secret, which is in ${data.aws_region.current.id}: expected one of that region. An event_bus_arn may be of any region."
  }
}

locals {
  follower_forms = {
    cluster_name   = { form = "^[A-Za-z0-9_-]{1,255}$", expected = "the name alone: letters, digits, hyphens and underscores" }
    service_name   = { form = "^[A-Za-z0-9_-]{1,255}$", expected = "the name alone: letters, digits, hyphens and underscores" }
    topic_arn      = { form = "^arn:aws[\\w-]*:sns:[\\w-]+:\\d{12}:[\\w-]+$", expected = "the ARN of a standard topic, such as arn:aws:sns:REGION:ACCOUNT:NAME" }
    queue_arn      = { form = "^arn:aws[\\w-]*:sqs:[\\w-]+:\\d{12}:[\\w-]+$", expected = "the ARN of a standard queue, such as arn:aws:sqs:REGION:ACCOUNT:NAME" }
    event_bus_arn  = { form = "^arn:aws[\\w-]*:events:[\\w-]+:\\d{12}:event-bus/[\\w./-]+$", expected = "an ARN such as arn:aws:events:REGION:ACCOUNT:event-bus/NAME" }
    connection_arn = { form = "^arn:aws[\\w-]*:events:[\\w-]+:\\d{12}:connection/[\\w./-]+/[\\w-]+$", expected = "an ARN such as arn:aws:events:REGION:ACCOUNT:connection/NAME/ID" }
    url            = { form = "^https://[^\\s/@]+(/\\S*)?$", expected = "https:// and a host, without user and password" }
  }
}

module "followers" {
  source   = "../followers"
  for_each = { for key, arn in local.secret_arns : key => arn if length(var.on_rotated) > 0 }

  name                     = "rotate-${trimsuffix(replace(local.is_fleet ? each.key : local.made_of, "/[^A-Za-z0-9_-]+/", "-"), "-")}"
  secret_arn               = each.value
  first_version            = values(aws_secretsmanager_secret_version.first)[*].version_id
  on_rotated               = var.on_rotated
  role_path                = var.function.role_path
  permissions_boundary_arn = var.function.permissions_boundary_arn
  tags                     = var.tags
}

output "undelivered_queue_names" {
  description = "The queue of each secret, by its key, that keeps for 14 days what could not be delivered `on_rotated`; none if nothing follows."
  value       = { for key, followers in module.followers : key => followers.undelivered_queue_name }
}
