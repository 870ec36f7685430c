mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }

  mock_data "aws_region" {
    defaults = { id = "us-east-1" }
  }

  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
}

# What every test begins with: it is accepted.
variables {
  name        = "my-app/token"
  schedule    = { rate_hours = 4 }
  issuer      = "https://login.example.com/"
  credentials = { secret_arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:app/client-AbCdEf" }
}

run "accepted" {
  command = plan
}

run "auth0" {
  command = plan

  variables {
    issuer   = null
    audience = "https://api.example.com"
    auth0    = { domain = "my-tenant.eu.auth0.com" }
  }
}

run "domain_with_a_scheme" {
  command = plan

  variables {
    issuer   = null
    audience = "api"
    auth0    = { domain = "https://my-tenant.eu.auth0.com" }
  }

  expect_failures = [var.auth0]
}

run "auth0_without_an_audience" {
  command = plan

  variables {
    issuer = null
    auth0  = { domain = "my-tenant.eu.auth0.com" }
  }

  expect_failures = [var.auth0]
}

run "auth0_with_a_resource" {
  command = plan

  variables {
    issuer   = null
    audience = "api"
    jwks_uri = "https://login.example.com/jwks"
    auth0    = { domain = "my-tenant.eu.auth0.com" }
  }

  expect_failures = [var.auth0]
}

run "no_issuer" {
  command = plan

  variables {
    issuer = null
  }

  expect_failures = [var.issuer]
}

run "issuer_without_tls" {
  command = plan

  variables {
    issuer = "http://login.example.com/"
  }

  expect_failures = [var.issuer]
}

run "issuer_with_a_password" {
  command = plan

  variables {
    issuer = "https://user:password@login.example.com/"
  }

  expect_failures = [var.issuer]
}

run "introspection_without_its_endpoint" {
  command = plan

  variables {
    issuer         = null
    token_endpoint = "https://login.example.com/token"
    proof          = "introspection"
  }

  expect_failures = [var.token_endpoint]
}

run "token_endpoint_alone" {
  command = plan

  variables {
    issuer         = null
    token_endpoint = "https://login.example.com/token"
  }

  expect_failures = [var.token_endpoint]
}

run "audience_and_resource" {
  command = plan

  variables {
    audience = "a"
    resource = "b"
  }

  expect_failures = [var.audience]
}

run "scope_with_two_spaces" {
  command = plan

  variables {
    scope = "read  write"
  }

  expect_failures = [var.scope]
}

run "parameter_with_an_option" {
  command = plan

  variables {
    parameters = { scope = "read" }
  }

  expect_failures = [var.parameters]
}

run "another_authentication" {
  command = plan

  variables {
    authentication = "none"
  }

  expect_failures = [var.authentication]
}

run "certificate_missing" {
  command = plan

  variables {
    authentication = "tls_client_auth"
  }

  expect_failures = [var.authentication]
}

run "assertion_without_a_key" {
  command = plan

  variables {
    assertion = { key_id = "one" }
  }

  expect_failures = [var.assertion]
}

run "another_algorithm" {
  command = plan

  variables {
    authentication = "private_key_jwt"
    assertion      = { algorithm = "HS256" }
  }

  expect_failures = [var.assertion]
}

run "thumbprint_of_one_byte" {
  command = plan

  variables {
    authentication = "private_key_jwt"
    assertion      = { thumbprint = "ab" }
  }

  expect_failures = [var.assertion]
}

run "another_proof" {
  command = plan

  variables {
    proof = "dpop"
  }

  expect_failures = [var.proof]
}

run "probe_without_an_address" {
  command = plan

  variables {
    proof = "probe"
  }

  expect_failures = [var.probe_url]
}

run "probe_url_alone" {
  command = plan

  variables {
    probe_url = "https://api.example.com/me"
  }

  expect_failures = [var.probe_url]
}

run "probe_header_alone" {
  command = plan

  variables {
    probe_header = "X-Token"
  }

  expect_failures = [var.probe_header]
}

run "probe_header_with_a_colon" {
  command = plan

  variables {
    proof        = "probe"
    probe_url    = "https://api.example.com/me"
    probe_header = "X-Token:"
  }

  expect_failures = [var.probe_header]
}

run "credentials_by_name" {
  command = plan

  variables {
    credentials = { secret_arn = "app/client" }
  }

  expect_failures = [var.credentials]
}

run "credentials_that_nobody_asks_with" {
  command = plan

  variables {
    proof                     = "claims"
    introspection_credentials = { secret_arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:app/client-AbCdEf" }
  }

  expect_failures = [var.introspection_credentials]
}

run "no_life" {
  command = plan

  variables {
    lifetime_seconds = 0
  }

  expect_failures = [var.lifetime_seconds]
}

run "a_root_that_is_no_certificate" {
  command = plan

  variables {
    tls = { ca = "root.pem" }
  }

  expect_failures = [var.tls]
}

run "roots_that_are_too_long" {
  command = plan

  variables {
    tls = { ca = "-----BEGIN CERTIFICATE-----\n${format("%02500d", 0)}\n-----END CERTIFICATE-----\n" }
  }

  expect_failures = [var.tls]
}

run "proxy_with_a_password" {
  command = plan

  variables {
    proxy = "http://user:password@proxy.internal:3128"
  }

  expect_failures = [var.proxy]
}

run "half_a_certificate" {
  command = plan

  variables {
    tls = { ca = "-----BEGIN CERTIFICATE-----\nMIIB\n" }
  }

  expect_failures = [var.tls]
}

run "a_certificate_without_its_line_breaks" {
  command = plan

  variables {
    tls = { ca = "-----BEGIN CERTIFICATE----- MIIB -----END CERTIFICATE-----" }
  }

  expect_failures = [var.tls]
}

run "a_whole_certificate" {
  command = plan

  variables {
    tls = { ca = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n" }
  }
}

run "a_token_that_its_schedule_outlives" {
  command = plan

  variables {
    lifetime_seconds = 18000
  }

  expect_failures = [aws_secretsmanager_secret_rotation.secret]
}

run "a_token_that_outlives_its_schedule" {
  command = plan

  variables {
    # Four hours, a window of one, and twenty minutes.
    lifetime_seconds = 19200
  }
}

run "a_token_that_is_refreshed" {
  command = plan

  variables {
    lifetime_seconds      = 3600
    refresh_every_minutes = 40
  }
}

run "a_token_that_is_refreshed_too_late" {
  command = plan

  variables {
    lifetime_seconds      = 3600
    refresh_every_minutes = 41
  }

  expect_failures = [aws_secretsmanager_secret_rotation.secret]
}

run "a_login_of_its_own" {
  command = plan

  variables {
    name = "app/client"
  }

  expect_failures = [aws_secretsmanager_secret_rotation.secret]
}
