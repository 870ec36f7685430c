variable "strategy" {
  description = "`dual-password`: the user has two passwords, the new one and the previous one, and both log in until the next rotation: nobody is refused. It needs an administrator, and MySQL 8.0.19 or MariaDB 10.4. `alternating-users`: two users with the same privileges take turns, which refuses nobody either. It needs an administrator, and MySQL 8.0.19 or MariaDB 10.4. `single-user`: the user has one password; from its change until they read the secret again, applications that log in are refused."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["dual-password", "alternating-users", "single-user"], var.strategy)
    error_message = "strategy is \"${var.strategy}\": expected \"dual-password\", \"alternating-users\" or \"single-user\"."
  }

  validation {
    condition     = var.strategy == "single-user" || var.admin != null || length(var.admins) > 0
    error_message = "strategy is \"${var.strategy}\" without admin: expected { secret_arn }, the secret of an administrator, who ${var.strategy == "alternating-users" ? "makes both users equal" : "sets both passwords"}."
  }
}

variable "admin" {
  description = <<-EOT
    The administrator that changes the users' passwords. A single user can do without.

    - `secret_arn` - Its secret, by the whole ARN.
    - `host` - The only host that gets its credential, such as the endpoint of a cluster. Default: the `host` in its secret.
    - `port` - The port on that host. Default: the `port` in its secret, else 3306.
    - `kms_key_arn` - The customer key that its secret is encrypted with.
  EOT
  type = object({
    secret_arn  = string
    host        = optional(string)
    port        = optional(number)
    kms_key_arn = optional(string)
  })
  default = null

  validation {
    condition     = var.admin == null || length(var.admins) == 0
    error_message = "Both admin and admins are given: expected one of them. Leave the other out."
  }

  validation {
    condition     = alltrue([for admin in concat(var.admin[*], var.admins) : can(regex("^arn:[\\w-]+:secretsmanager:[\\w-]+:\\d{12}:secret:.+-\\w{6}$", admin.secret_arn))])
    error_message = "admin has ${jsonencode([for admin in concat(var.admin[*], var.admins) : try(admin.secret_arn, null)])} as secret_arn. Expected a secret's whole ARN, which ends in a hyphen and six characters."
  }

  validation {
    condition     = alltrue([for admin in concat(var.admin[*], var.admins) : try(admin.host, null) == null || can(regex("^[^\\s:/@]+$|^[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*$", admin.host))])
    error_message = "admin has ${jsonencode([for admin in concat(var.admin[*], var.admins) : try(replace(admin.host, "/^.*@/", "…@"), null)])} as host: expected a host alone, such as db.example.com. A port is given as admin.port."
  }

  validation {
    condition     = alltrue([for admin in concat(var.admin[*], var.admins) : try(floor(admin.port) == admin.port && admin.port > 0 && admin.port < 65536, try(admin.port, null) == null)])
    error_message = "admin has ${jsonencode([for admin in concat(var.admin[*], var.admins) : try(admin.port, null)])} as port: expected a port from 1 to 65535."
  }
}

variable "admins" {
  description = "Several administrators, for a fleet whose secrets name one of them each as `masterarn`. As `admin`."
  type = list(object({
    secret_arn  = string
    host        = optional(string)
    port        = optional(number)
    kms_key_arn = optional(string)
  }))
  default  = []
  nullable = false
}

variable "users" {
  description = "The users that the administrator may change: whoever may write the secret cannot choose others. Alternating users are both named, the first and the second; one that is not there yet is made. A fleet takes patterns, such as `tenant_{name}`: `{name}` stands for the secret's name without the fleet's `secret_name_prefix`. Required with `admin`."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(var.users) > 0 || (var.admin == null && length(var.admins) == 0)
    error_message = "users is missing: expected the users that the administrator may change, such as [\"app\"]."
  }

  validation {
    condition     = var.strategy != "alternating-users" || length(var.users) == 2
    error_message = "users has ${length(var.users)} names: expected both users, such as [\"app\", \"app_clone\"]."
  }

  validation {
    condition     = length(distinct(var.users)) == length(var.users)
    error_message = "users is ${jsonencode(var.users)}, and has the same name twice: expected each name once."
  }

  validation {
    condition     = alltrue([for user in var.users : try(user != "" && length(user) <= 80 && !can(regex("[$%][{]", user)) && !can(regex("[{}]", replace(user, "/^([^{}]*)[{]name[}]/", "$1"))), false)])
    error_message = "users is ${jsonencode(var.users)}, and has a name that MySQL or Terraform reads otherwise: expected 1 to 80 characters, and braces only in one {name}, which stands for the secret's name."
  }

  validation {
    condition     = var.fleet == null || (var.admin == null && length(var.admins) == 0) || alltrue([for user in var.users : try(strcontains(user, "{name}"), false)])
    error_message = "A name would be the same for every secret that shares the function, so anyone who can write one of them could get another one's user. Expected patterns in the secret's name, such as users = [\"tenant_{name}\"]; or give each secret its own function."
  }
}

variable "user_host" {
  description = "The host part of the accounts that the administrator changes: `app@10.%` is another account than `app@%`. Default: `%`."
  type        = string
  default     = null

  validation {
    condition     = var.user_host == null || var.admin != null || length(var.admins) > 0
    error_message = "user_host is given without admin. Leave it out."
  }

  validation {
    condition     = var.user_host == null || can(regex("^[\\w.%:/-]{1,255}$", var.user_host))
    error_message = "user_host is ${jsonencode(var.user_host)}: expected the host part of an account, such as % or 10.0.%."
  }
}

variable "url_fields" {
  description = "Fields of the secret that hold the login in a URL, such as `DATABASE_URL`: each gets the new user and password, and every other byte of it stays."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for field in var.url_fields : can(regex("^[^,\\s]+$", field))])
    error_message = "url_fields is ${jsonencode(var.url_fields)}: expected names of fields, without commas or spaces."
  }

  validation {
    condition     = length(var.url_fields) == 0 || var.format == "json"
    error_message = "url_fields is given with format \"text\", but then the secret is the URL. Leave it out."
  }
}

variable "format" {
  description = "`json`: the secret is AWS's own JSON. `text`: it is one URL, `mysql://USER:PASSWORD@HOST:PORT/DATABASE`."
  type        = string
  default     = "json"
  nullable    = false

  validation {
    condition     = contains(["json", "text"], var.format)
    error_message = "format is \"${var.format}\". Expected \"json\" or \"text\"."
  }
}

variable "tls" {
  description = <<-EOT
    How the server's certificate is verified.

    - `ca` - The root to trust, PEM. Default: the `ca` in the secret of whoever logs in, else the roots of Amazon and of Node.js.
    - `servername` - The name in the certificate, for a host with an alias. Default: the `servername` in the secret of whoever logs in, else the host.
  EOT
  type = object({
    ca         = optional(string)
    servername = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.tls.ca == null || can(regex("-----BEGIN CERTIFICATE-----\\s*\\n([A-Za-z0-9+/]+={0,2}\\s*\\n)+-----END CERTIFICATE-----", var.tls.ca))
    error_message = "tls.ca is not a certificate in PEM: expected the whole file, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----, with its line breaks."
  }

  validation {
    condition     = var.tls.ca == null || length(coalesce(var.tls.ca, "-")) <= 2500
    error_message = "tls.ca has ${length(coalesce(var.tls.ca, "-"))} characters, more than the function's environment holds: expected the one root, up to 2500 characters. Or put it into the secret, as its field \"ca\"."
  }
}

variable "allow_plaintext" {
  description = "Whether `\"ssl\": false` in the rotated secret is obeyed, for the logins of its own user. The administrator always uses TLS."
  type        = bool
  default     = false
  nullable    = false
}
