variable "name" {
  description = "How the names of what is made begin."
  type        = string
  nullable    = false
}

variable "secret_arn" {
  description = "The secret."
  type        = string
  nullable    = false
}

variable "first_version" {
  description = "What makes the secret's first version: the event of that one is over before there is a rule."
  type        = any
  nullable    = false
}

variable "on_rotated" {
  description = "What happens; see the variable `on_rotated` of the public modules."
  type = list(object({
    ecs_service = optional(object({ cluster_name = string, service_name = string }))
    sns         = optional(object({ topic_arn = string }))
    sqs         = optional(object({ queue_arn = string }))
    event_bus   = optional(object({ event_bus_arn = string }))
    webhook     = optional(object({ connection_arn = string, url = string }))
  }))
  nullable = false
}

variable "role_path" {
  description = "The IAM path of the roles."
  type        = string
  default     = null
}

variable "permissions_boundary_arn" {
  description = "The permissions boundary of the roles."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags of the rule, the queue, the roles and the state machines."
  type        = map(string)
  default     = null
}
