variable "credentials" {
  description = <<-EOT
    How the function proves who it is. Exactly one of:

    - `workload_identity_audience` - No key: the provider of a workload identity pool that trusts the function's role, by its whole name.
    - `secret_arn` - The secret with the service account's JSON key, by its whole ARN; `kms_key_arn` is the customer key that it is encrypted with.
  EOT
  type = object({
    workload_identity_audience = optional(string)
    secret_arn                 = optional(string)
    kms_key_arn                = optional(string)
  })
  nullable = false

  validation {
    condition     = (var.credentials.workload_identity_audience == null) != (var.credentials.secret_arn == null)
    error_message = "credentials has ${var.credentials.secret_arn == null ? "neither" : "both"} of workload_identity_audience and secret_arn: expected one of them."
  }

  validation {
    condition     = var.credentials.workload_identity_audience == null || can(regex("^//iam[.]googleapis[.]com/projects/\\d+/locations/global/workloadIdentityPools/[^/]+/providers/[^/]+$", var.credentials.workload_identity_audience))
    error_message = "credentials.workload_identity_audience is ${jsonencode(var.credentials.workload_identity_audience)}. Expected the provider's whole name, with the project's number: //iam.googleapis.com/projects/123456789/locations/global/workloadIdentityPools/POOL/providers/PROVIDER."
  }

  validation {
    condition     = var.credentials.secret_arn == null || can(regex("^arn:[\\w-]+:secretsmanager:[\\w-]+:\\d{12}:secret:.+-\\w{6}$", var.credentials.secret_arn))
    error_message = "credentials.secret_arn is ${jsonencode(var.credentials.secret_arn)}. Expected a secret's whole ARN, which ends in a hyphen and six characters."
  }
}

variable "service_account" {
  description = "The service account that the token is of, by its e-mail address."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[^@\\s]+@[^@\\s]+[.][^@\\s]+$", var.service_account))
    error_message = "service_account is \"${var.service_account}\": expected its e-mail address, NAME@PROJECT.iam.gserviceaccount.com."
  }
}

variable "scopes" {
  description = "What the token may do, as Google spells it: `https://www.googleapis.com/auth/calendar.readonly`."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.scopes) > 0 && alltrue([for scope in var.scopes : can(regex("^https://[!#-\\[\\]-~]+$", scope))])
    error_message = "scopes is ${jsonencode(var.scopes)}: expected one or more in Google's full form, such as https://www.googleapis.com/auth/calendar.readonly."
  }
}

variable "lifetime_seconds" {
  description = "How long the token lives, in seconds: 600 to 43200. For more than 3600, an organization policy must allow it to the account."
  type        = number
  default     = 3600
  nullable    = false

  validation {
    condition     = floor(var.lifetime_seconds) == var.lifetime_seconds && var.lifetime_seconds >= 600 && var.lifetime_seconds <= 43200
    error_message = "lifetime_seconds is ${var.lifetime_seconds}: expected 600 to 43200, ten minutes to twelve hours."
  }
}

variable "subject" {
  description = "The user of a Google Workspace in whose name the token acts (domain-wide delegation), by e-mail address. Default: the service account itself."
  type        = string
  default     = null

  validation {
    condition     = var.subject == null || can(regex("^[^@\\s]+@[^@\\s]+[.][^@\\s]+$", var.subject))
    error_message = "subject is ${jsonencode(var.subject)}: expected a user's e-mail address."
  }

  validation {
    condition     = var.subject == null || var.lifetime_seconds == 3600
    error_message = "lifetime_seconds is ${var.lifetime_seconds} with a subject: Google's tokens for a user live an hour. Leave it out."
  }
}

variable "delegates" {
  description = "Service accounts, by e-mail address, between who asks and `service_account`: each makes tokens of the next, and the last one of `service_account`."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for delegate in var.delegates : can(regex("^[^@\\s]+@[^@\\s]+[.][^@\\s]+$", delegate))])
    error_message = "delegates is ${jsonencode(var.delegates)}: expected a service account's e-mail address each, NAME@PROJECT.iam.gserviceaccount.com."
  }
}

variable "quota_project" {
  description = "The project whose quota pays for the calls, if the credentials' own does not."
  type        = string
  default     = null

  validation {
    condition     = var.quota_project == null || can(regex("^[A-Za-z0-9][\\w.:-]*$", var.quota_project))
    error_message = "quota_project is ${jsonencode(var.quota_project)}: expected a project's id or number."
  }
}

variable "field" {
  description = "The secret's field that holds the token."
  type        = string
  default     = "GOOGLE_ACCESS_TOKEN"
  nullable    = false

  validation {
    condition     = can(regex("^\\w+$", var.field))
    error_message = "field is \"${var.field}\": expected letters, digits and underscores."
  }
}

variable "endpoint_url" {
  description = "One URL that answers in place of all of Google's, such as a stand-in's; plain HTTP on this machine only."
  type        = string
  default     = null

  validation {
    condition     = var.endpoint_url == null || can(regex("^(https://[^/?#@\\s]+|http://(127[.]0[.]0[.]1|localhost|\\[::1\\])(:\\d+)?)$", var.endpoint_url))
    error_message = "endpoint_url is ${jsonencode(var.endpoint_url)}: expected https://HOST, or http://127.0.0.1:PORT, without a path."
  }
}
