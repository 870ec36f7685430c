variable "archive" {
  description = "The zip of the function: an `index.js` at its top that exports `handler`, as `rotationHandler` of `rotaform/lambda` makes it."
  type        = string
  nullable    = false

  validation {
    condition     = try(fileexists(var.archive), false)
    error_message = "archive is \"${var.archive}\", and there is no such file: expected the zip of the function."
  }
}

variable "environment" {
  description = "The function's environment variables. Not for secrets: whoever may call `lambda:GetFunctionConfiguration` reads them."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.environment) : can(regex("^[a-zA-Z][a-zA-Z0-9_]+$", name))])
    error_message = "environment has a name that Lambda refuses: ${join(", ", [for name in keys(var.environment) : name if !can(regex("^[a-zA-Z][a-zA-Z0-9_]+$", name))])}. Expected a letter, then one or more letters, digits or underscores."
  }

  validation {
    condition     = length([for name in keys(var.environment) : name if can(regex("^(TZ|LAMBDA_TASK_ROOT|LAMBDA_RUNTIME_DIR|AWS_(REGION|DEFAULT_REGION|EXECUTION_ENV|ACCESS_KEY|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)|AWS_LAMBDA_(FUNCTION_NAME|FUNCTION_MEMORY_SIZE|FUNCTION_VERSION|INITIALIZATION_TYPE|LOG_GROUP_NAME|LOG_STREAM_NAME|RUNTIME_API))$", name))]) == 0
    error_message = "environment has ${join(", ", [for name in keys(var.environment) : name if can(regex("^(TZ|LAMBDA_TASK_ROOT|LAMBDA_RUNTIME_DIR|AWS_(REGION|DEFAULT_REGION|EXECUTION_ENV|ACCESS_KEY|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)|AWS_LAMBDA_(FUNCTION_NAME|FUNCTION_MEMORY_SIZE|FUNCTION_VERSION|INITIALIZATION_TYPE|LOG_GROUP_NAME|LOG_STREAM_NAME|RUNTIME_API))$", name))])}, which is Lambda's own. Choose another name."
  }

  validation {
    condition     = length([for name in keys(var.environment) : name if can(regex("^(NODE_DEBUG(_NATIVE)?|NODE_OPTIONS|NODE_TLS_REJECT_UNAUTHORIZED|AWS_ENDPOINT_URL.*|AWS_LAMBDA_EXEC_WRAPPER)$", name))]) == 0
    error_message = "environment has ${join(", ", [for name in keys(var.environment) : name if can(regex("^(NODE_DEBUG(_NATIVE)?|NODE_OPTIONS|NODE_TLS_REJECT_UNAUTHORIZED|AWS_ENDPOINT_URL.*|AWS_LAMBDA_EXEC_WRAPPER)$", name))])}, which would undo how the function keeps its values. Leave it out."
  }

  validation {
    # Base64 writes three bytes as four characters; length() of a text does not count bytes.
    condition = alltrue([
      for encoded in [base64encode(replace(replace(replace(replace(replace(jsonencode(var.environment), "\\u003c", "<"), "\\u003e", ">"), "\\u0026", "&"), "\\u2028", "..."), "\\u2029", "..."))] :
      length(encoded) / 4 * 3 - length(regexall("=", encoded)) <= 4096
    ])
    error_message = "environment has more bytes, names included, than Lambda accepts: expected at most 4096. Shorten its values, or read the long ones from a secret or a parameter."
  }
}

variable "statements" {
  description = "Permissions beyond the rotated secret itself."
  type = list(object({
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
  default  = []
  nullable = false

  validation {
    condition     = alltrue([for statement in var.statements : try(length(statement.actions) > 0 && length(statement.resources) > 0 && alltrue([for each in concat(statement.actions, statement.resources) : each != null]) && contains(["Allow", "Deny"], coalesce(statement.effect, "Allow")), false)])
    error_message = "statements is ${jsonencode(var.statements)}. Expected actions and resources in each, and Allow or Deny as the effect, if it has one."
  }
}

variable "format" {
  description = "`json`: the secret is a JSON object. `text`: it is one plain string."
  type        = string
  default     = "json"
  nullable    = false

  validation {
    condition     = contains(["json", "text"], var.format)
    error_message = "format is \"${var.format}\". Expected \"json\" or \"text\"."
  }
}
