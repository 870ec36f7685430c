variable "fields" {
  description = "The fields that get a new password each: names of top-level fields, or JSON Pointers such as `/db/password`. Not for `format = \"text\"`. Default: `password`."
  type        = list(string)
  default     = null

  validation {
    condition     = var.fields == null || var.format == "json"
    error_message = "fields is given with format \"text\", but then the whole string is the password. Leave fields out, or the format."
  }

  validation {
    condition = var.fields == null || (length(coalesce(var.fields, [])) > 0 && alltrue([
      for field in coalesce(var.fields, []) : can(regex("^[^,\\s]+$", field)) && (
        !can(regex("^/", field)) || (!can(regex("~([^01]|$)", field)) && !can(regex("/(/|$)", field)))
      )
    ]))
    error_message = "fields is ${jsonencode(var.fields)}: expected fields by name, without commas or spaces, or by JSON Pointer, such as /db/password, in which \"~\" is written as ~0, and \"/\" within a name as ~1."
  }

  validation {
    condition = alltrue([
      for index, field in [for each in compact(coalesce(var.fields, [])) : startswith(each, "/") ? "${each}/" : "/${replace(each, "~", "~0")}/"] : alltrue([
        for at, other in [for each in compact(coalesce(var.fields, [])) : startswith(each, "/") ? "${each}/" : "/${replace(each, "~", "~0")}/"] : at == index || !startswith(field, other)
      ])
    ])
    error_message = "fields is ${jsonencode(var.fields)}: expected each field once, and none within another."
  }
}

variable "format" {
  description = "`json`: the secret is a JSON object, whose other fields stay as they are. `text`: it is one plain string."
  type        = string
  default     = "json"
  nullable    = false

  validation {
    condition     = contains(["json", "text"], var.format)
    error_message = "format is \"${var.format}\". Expected \"json\" or \"text\"."
  }
}
