variable "secret_arn" {
  description = "The secret, once its rotation is there."
  type        = string
  nullable    = false
}

variable "function_arn" {
  description = "The function that rotates the secret."
  type        = string
  nullable    = false
}

variable "function_name" {
  description = "The function's name, which the schedule has, too."
  type        = string
  nullable    = false
}

variable "every_minutes" {
  description = "How often the secret rotates, in minutes."
  type        = number
  nullable    = false
}

variable "kms_key_arn" {
  description = "The customer key that encrypts the schedule."
  type        = string
  default     = null
}

variable "role_path" {
  description = "The IAM path of the schedule's role."
  type        = string
  default     = null
}

variable "permissions_boundary_arn" {
  description = "The permissions boundary of the schedule's role."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags of the schedule's role."
  type        = map(string)
  default     = null
}
