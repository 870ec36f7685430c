variable "name" {
  description = "The function's name: at most 64 letters, digits, hyphens or underscores."
  type        = string
  nullable    = false
}

variable "rotation" {
  description = "What the rotation needs: the archive of its code, its environment, and its permissions beyond the rotated secret; whether the code is from elsewhere."
  type = object({
    archive     = string
    environment = map(string)
    statements = list(object({
      sid       = string
      effect    = optional(string)
      actions   = list(string)
      resources = list(string)
      conditions = optional(list(object({
        test     = string
        variable = string
        values   = list(string)
      })), [])
    }))
    reads_earlier_versions = bool
    is_from_elsewhere      = optional(bool, false)
  })
  nullable = false
}

variable "secret_arn" {
  description = "The secret that it rotates; or with a * at its end, all secrets that begin like it."
  type        = string
  nullable    = false
}

variable "is_shared" {
  description = "Whether several secrets share it. It may then use a secret only while it is the function that rotates it."
  type        = bool
  nullable    = false
}

variable "kms_key_arns" {
  description = "The customer keys that its secrets are encrypted with."
  type        = list(string)
  nullable    = false
}

variable "replicas" {
  description = "Where its secrets can be read besides; see the variable `replicas` of the public modules."
  type = list(object({
    region      = string
    kms_key_arn = optional(string)
  }))
  nullable = false
}

variable "settings" {
  description = "What a user may choose about the function; see the variable `function` of the public modules."
  type = object({
    timeout_seconds                = number
    memory_megabytes               = number
    runtime                        = string
    architecture                   = string
    log_retention_days             = number
    log_kms_key_arn                = optional(string)
    environment_kms_key_arn        = optional(string)
    permissions_boundary_arn       = optional(string)
    role_path                      = optional(string)
    tracing                        = bool
    reserved_concurrent_executions = optional(number)
    code_signing = optional(object({
      config_arn   = string
      profile_name = string
      bucket_name  = string
    }))
  })
  nullable = false
}

variable "network" {
  description = "The VPC that the function runs in; see the variable `network` of the public modules."
  type = object({
    subnet_ids                                 = list(string)
    security_group_ids                         = optional(list(string))
    target_ports                               = list(number)
    secrets_manager_endpoint_security_group_id = optional(string)
  })
  default = null
}

variable "tags" {
  description = "Tags of the function, its role, its log group and its security group."
  type        = map(string)
  default     = null
}
