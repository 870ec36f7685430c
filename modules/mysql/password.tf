# How a password is made, in the words of Secrets Manager's GetRandomPassword: this file is the same in every module whose
# rotation makes one.

variable "password" {
  description = <<-EOT
    How a password is made, in the words of Secrets Manager's GetRandomPassword.

    - `length` - Characters in the password, 1 to 4096.
    - `exclude_characters` - Printable ASCII characters that it must not have.
    - `exclude_numbers`, `exclude_punctuation`, `exclude_uppercase`, `exclude_lowercase` - Leaves a type of characters out.
    - `include_space` - Adds the space. It is no type of its own: a password may have one, or none.
    - `require_each_included_type` - Has at least one character of each type that is not left out.
  EOT
  type = object({
    length                     = optional(number, 32)
    exclude_characters         = optional(string)
    exclude_numbers            = optional(bool, false)
    exclude_punctuation        = optional(bool, false)
    exclude_uppercase          = optional(bool, false)
    exclude_lowercase          = optional(bool, false)
    include_space              = optional(bool, false)
    require_each_included_type = optional(bool, true)
  })
  default  = {}
  nullable = false

  validation {
    condition     = floor(var.password.length) == var.password.length && var.password.length >= 1 && var.password.length <= 4096
    error_message = "password.length is ${var.password.length}: expected a whole number from 1 to 4096."
  }

  validation {
    condition     = can(regex("^[ -~]*$", coalesce(var.password.exclude_characters, "-")))
    error_message = "password.exclude_characters has the character ${try(jsonencode(regex("[^ -~]", var.password.exclude_characters)), "-")}, which no password can have: expected printable ASCII. Perhaps it is a typographic form of the one that was meant."
  }

  validation {
    condition     = !(var.password.include_space && strcontains(coalesce(var.password.exclude_characters, "-"), " "))
    error_message = "password.include_space is true and exclude_characters has the space: expected one of them. Leave the other out."
  }

  validation {
    condition = anytrue([
      for name, characters in local.types : !var.password["exclude_${name}"] && anytrue([
        for each in split("", characters) : !strcontains((var.password.exclude_characters == null ? local.excluded_by_default : var.password.exclude_characters), each)
      ])
    ])
    error_message = "password excludes every character: expected letters, numbers or punctuation to be left. Leave out one of the exclude options."
  }

  validation {
    condition = !var.password.require_each_included_type || alltrue([
      for name, characters in local.types : var.password["exclude_${name}"] || anytrue([
        for each in split("", characters) : !strcontains((var.password.exclude_characters == null ? local.excluded_by_default : var.password.exclude_characters), each)
      ])
    ])
    error_message = "password.require_each_included_type is true, but exclude_characters has every character of a type that is not left out: expected one of each type. Exclude the type, or set require_each_included_type = false."
  }

  validation {
    condition = !var.password.require_each_included_type || var.password.length >= length([
      for name, characters in local.types : name if !var.password["exclude_${name}"]
    ])
    error_message = "password.length is ${var.password.length}, but require_each_included_type asks for one character of each of ${length([for name, characters in local.types : name if !var.password["exclude_${name}"]])} types: expected as many or more. Set a greater length, or require_each_included_type = false."
  }
}

locals {
  excluded = var.password.exclude_characters == null ? local.excluded_by_default : var.password.exclude_characters
  types = {
    lowercase   = "abcdefghijklmnopqrstuvwxyz"
    uppercase   = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    numbers     = "0123456789"
    punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
  }

  # All of them, so that a reader of the plan need not know the defaults. The brace comes first: after $ or % Terraform would
  # read it as the start of a template.
  password_environment = {
    PASSWORD_LENGTH            = tostring(var.password.length)
    EXCLUDE_CHARACTERS         = join("", distinct(split("", strcontains(local.excluded, "{") ? "{${local.excluded}" : local.excluded)))
    EXCLUDE_NUMBERS            = tostring(var.password.exclude_numbers)
    EXCLUDE_PUNCTUATION        = tostring(var.password.exclude_punctuation)
    EXCLUDE_UPPERCASE          = tostring(var.password.exclude_uppercase)
    EXCLUDE_LOWERCASE          = tostring(var.password.exclude_lowercase)
    INCLUDE_SPACE              = tostring(var.password.include_space)
    REQUIRE_EACH_INCLUDED_TYPE = tostring(var.password.require_each_included_type)
  }
}
