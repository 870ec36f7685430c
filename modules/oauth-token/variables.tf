variable "auth0" {
  description = <<-EOT
    A tenant of Auth0, instead of `issuer`: its issuer, and its way to prove a client.

    - `domain` - The tenant's domain, such as `my-tenant.eu.auth0.com`, or its custom domain.
    - `organization` - The organization that the token is for, such as `org_9ybsU1dN2dKfDkBi`.
  EOT
  type = object({
    domain       = string
    organization = optional(string)
  })
  default = null

  validation {
    condition     = var.auth0 == null || can(regex("^[A-Za-z0-9-]+([.][A-Za-z0-9-]+)+$", try(var.auth0.domain, "")))
    error_message = "auth0.domain is ${jsonencode(try(var.auth0.domain, null))}. Expected the tenant's domain alone, such as my-tenant.eu.auth0.com."
  }

  validation {
    condition     = var.auth0 == null || var.audience != null
    error_message = "auth0 is given without audience. Expected the identifier of the API that the token is for."
  }

  validation {
    condition     = var.auth0 == null || alltrue([for given in [var.token_endpoint, var.jwks_uri, var.introspection_endpoint, var.resource] : given == null]) && var.introspection_credentials == null
    error_message = "auth0 is given with an option that Auth0's issuer decides: token_endpoint, jwks_uri, introspection_endpoint, introspection_credentials or resource. Leave it out."
  }
}

variable "issuer" {
  description = "The issuer as its tokens name it, `https://login.example.com/`: its metadata tells the endpoints. Or `token_endpoint`, or `auth0`."
  type        = string
  default     = null

  validation {
    condition     = length([for given in [var.issuer, var.token_endpoint, try(var.auth0.domain, null)] : given if given != null]) == 1
    error_message = "Neither or several of issuer, token_endpoint and auth0 are given: expected one of them."
  }

  validation {
    condition     = alltrue([for url in [var.issuer, var.token_endpoint, var.jwks_uri, var.introspection_endpoint, var.probe_url] : url == null || can(regex("^https://[^/?#@\\s]+([/?][^#\\s]*)?$", url)) || can(regex("^http://(127[.]0[.]0[.]1|localhost|\\[::1\\])(:\\d+)?([/?][^#\\s]*)?$", url))])
    error_message = "One of issuer, token_endpoint, jwks_uri, introspection_endpoint and probe_url is no address that keeps a credential: expected https://HOST/PATH, without a user, a password or a fragment."
  }
}

variable "token_endpoint" {
  description = "Where tokens are issued, for an issuer without metadata, or one whose tokens name another issuer."
  type        = string
  default     = null

  validation {
    condition     = var.token_endpoint == null || var.proof != "introspection" || var.introspection_endpoint != null
    error_message = "token_endpoint is given with proof = \"introspection\": expected introspection_endpoint with them."
  }

  validation {
    condition     = var.token_endpoint == null || var.proof != null || var.jwks_uri != null || var.introspection_endpoint != null
    error_message = "token_endpoint is given alone: expected jwks_uri or introspection_endpoint with it, by which a token is proved, or another proof."
  }
}

variable "jwks_uri" {
  description = "The issuer's public keys, which prove a token that is a JWT. Default: as the issuer's metadata has it."
  type        = string
  default     = null
}

variable "introspection_endpoint" {
  description = "Where the issuer says whether a token is active. Default: as the issuer's metadata has it."
  type        = string
  default     = null
}

variable "audience" {
  description = "The API that the token is for, as Auth0 calls it. Default: the issuer decides."
  type        = string
  default     = null

  validation {
    condition     = var.audience == null || var.resource == null
    error_message = "Both audience and resource are given: expected the one that the issuer knows, audience for Auth0."
  }
}

variable "resource" {
  description = "The same in the words of RFC 8707. Not both."
  type        = string
  default     = null
}

variable "scope" {
  description = "What the token must allow, separated by spaces: the issuer may leave none of it out. Default: the issuer decides."
  type        = string
  default     = null

  validation {
    condition     = var.scope == null || can(regex("^[!#-\\[\\]-~]+( [!#-\\[\\]-~]+)*$", var.scope))
    error_message = "scope is ${jsonencode(var.scope)}: expected names with one space between them."
  }
}

variable "parameters" {
  description = "Further fields of the token request. They are no place for a secret."
  type        = map(string)
  default     = null

  validation {
    condition     = alltrue([for name in keys(coalesce(var.parameters, {})) : !contains(concat(["grant_type", "scope", "client_id", "client_secret", "client_assertion", "client_assertion_type"], var.audience == null ? [] : ["audience"], var.resource == null ? [] : ["resource"]), name)])
    error_message = "parameters has a field with an option of its own: expected the option, or the client's secret, to have it."
  }
}

variable "authentication" {
  description = "How the client proves who it is: `client_secret_basic`, `client_secret_post`, `private_key_jwt` or `tls_client_auth`. Default: `client_secret_post` for Auth0, else `client_secret_basic`."
  type        = string
  default     = null

  validation {
    condition     = var.authentication == null || contains(["client_secret_basic", "client_secret_post", "private_key_jwt", "tls_client_auth"], coalesce(var.authentication, "-"))
    error_message = "authentication is ${jsonencode(var.authentication)}: expected client_secret_basic, client_secret_post, private_key_jwt, tls_client_auth."
  }

  validation {
    condition     = var.authentication != "tls_client_auth" || var.tls.client_certificate != null
    error_message = "authentication is \"tls_client_auth\" without a certificate: expected tls.client_certificate."
  }
}

variable "assertion" {
  description = <<-EOT
    The assertion of `private_key_jwt`, for an issuer that wants another than RFC 7523's.

    - `audience` - Whom it is for. Default: the issuer.
    - `algorithm` - Default: what the kind of the key most often signs with, `RS256` for RSA.
    - `key_id` - The id under which the issuer knows the key. Default: `kid` in the client's secret.
    - `thumbprint` - The thumbprint of the certificate that the issuer knows the key by.
  EOT
  type = object({
    audience   = optional(string)
    algorithm  = optional(string)
    key_id     = optional(string)
    thumbprint = optional(string)
  })
  default = null

  validation {
    condition     = var.assertion == null || var.authentication == "private_key_jwt"
    error_message = "assertion is given: expected authentication = \"private_key_jwt\" with it."
  }

  validation {
    condition     = try(var.assertion.algorithm, null) == null || contains(["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"], try(coalesce(var.assertion.algorithm, "-"), "-"))
    error_message = "assertion.algorithm is ${jsonencode(try(var.assertion.algorithm, null))}: expected RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA."
  }

  validation {
    condition     = try(var.assertion.thumbprint, null) == null || can(regex("^(([0-9A-Fa-f]{2}:?){20}|([0-9A-Fa-f]{2}:?){32}|[\\w-]{27}|[\\w-]{43})$", var.assertion.thumbprint))
    error_message = "assertion.thumbprint is ${jsonencode(try(var.assertion.thumbprint, null))}: expected the SHA-256 thumbprint of the certificate, as 64 hexadecimal digits or base64url."
  }
}

variable "proof" {
  description = "How testSecret proves a token that its issuer's public keys cannot prove: `introspection`, `probe` or `claims`. Default: the signature of a JWT, introspection of any other token."
  type        = string
  default     = null

  validation {
    condition     = var.proof == null || contains(["introspection", "probe", "claims"], coalesce(var.proof, "-"))
    error_message = "proof is ${jsonencode(var.proof)}: expected introspection, probe, claims, or none, for the signature of a JWT. Tokens that are bound to a key (DPoP) cannot be rotated."
  }
}

variable "probe_url" {
  description = "What `proof = \"probe\"` asks with the token: a GET that must answer with 2xx."
  type        = string
  default     = null

  validation {
    condition     = var.proof != "probe" || var.probe_url != null
    error_message = "proof is \"probe\" without a probe_url: expected an address of the API that answers a GET with 2xx."
  }

  validation {
    condition     = var.probe_url == null || var.proof == "probe"
    error_message = "probe_url is given: expected proof = \"probe\" with it."
  }
}

variable "probe_header" {
  description = "The header that the probe has the token in, such as `X-Shopify-Access-Token`. Default: `Authorization: Bearer`."
  type        = string
  default     = null

  validation {
    condition     = var.probe_header == null || var.proof == "probe"
    error_message = "probe_header is given: expected proof = \"probe\" with it."
  }

  validation {
    condition     = var.probe_header == null || can(regex("^[\\w-]+$", var.probe_header))
    error_message = "probe_header is ${jsonencode(var.probe_header)}: expected the name of a header, such as X-Shopify-Access-Token."
  }
}

variable "credentials" {
  description = "The secret with the client's id and secret, `{\"client_id\": \"…\", \"client_secret\": \"…\"}`, by its whole ARN, and the customer key that it is encrypted with."
  type = object({
    secret_arn  = string
    kms_key_arn = optional(string)
  })
  nullable = false

  validation {
    condition     = alltrue([for secret in concat([var.credentials], var.introspection_credentials[*], var.tls.client_certificate[*]) : can(regex("^arn:[\\w-]+:secretsmanager:[\\w-]+:\\d{12}:secret:.+-\\w{6}$", secret.secret_arn))])
    error_message = "credentials, introspection_credentials or tls.client_certificate has one of ${jsonencode([for secret in concat([var.credentials], var.introspection_credentials[*], var.tls.client_certificate[*]) : try(secret.secret_arn, null)])} as secret_arn. Expected a secret's whole ARN, which ends in a hyphen and six characters."
  }
}

variable "introspection_credentials" {
  description = "The secret of the client that asks the issuer about tokens, if it is not the one that they are issued to."
  type = object({
    secret_arn  = string
    kms_key_arn = optional(string)
  })
  default = null

  validation {
    condition     = var.introspection_credentials == null || var.proof == null || var.proof == "introspection"
    error_message = "introspection_credentials are given with a proof that does not ask the issuer. Leave them out."
  }
}

variable "lifetime_seconds" {
  description = "How long the issuer's tokens live, in seconds. A schedule that renews them too late is then refused; and it is taken for the life of a token whose issuer tells none."
  type        = number
  default     = null

  validation {
    condition     = try(floor(var.lifetime_seconds) == var.lifetime_seconds && var.lifetime_seconds > 0 && var.lifetime_seconds <= 3155760000, var.lifetime_seconds == null)
    error_message = "lifetime_seconds is ${coalesce(var.lifetime_seconds, 0)}: expected a whole number of seconds."
  }
}

variable "tls" {
  description = <<-EOT
    How the issuer is trusted, and the client (mutual TLS).

    - `ca` - The authority of the issuer's certificate, PEM, besides those that Node.js knows.
    - `client_certificate` - The secret with the client's certificate, `{"certificate": "PEM", "private_key": "PEM"}`.
  EOT
  type = object({
    ca = optional(string)
    client_certificate = optional(object({
      secret_arn  = string
      kms_key_arn = optional(string)
    }))
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.tls.ca == null || can(regex("-----BEGIN CERTIFICATE-----\\s*\\n([A-Za-z0-9+/]+={0,2}\\s*\\n)+-----END CERTIFICATE-----", var.tls.ca))
    error_message = "tls.ca is not a certificate in PEM: expected the whole file, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----, with its line breaks."
  }

  validation {
    condition     = var.tls.ca == null || length(coalesce(var.tls.ca, "-")) <= 2500
    error_message = "tls.ca has ${length(coalesce(var.tls.ca, "-"))} characters, more than the function's environment holds: expected the one root, up to 2500 characters."
  }
}

variable "proxy" {
  description = "The HTTP proxy that leads to the issuer, such as `http://proxy.internal:3128`."
  type        = string
  default     = null

  validation {
    condition     = var.proxy == null || can(regex("^https?://[^/@\\s]+/?$", var.proxy))
    error_message = "proxy is not an address alone: expected http://HOST:PORT or https://HOST:PORT. A proxy that requires a login is not supported."
  }
}
