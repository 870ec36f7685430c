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
  name     = "my-app/db"
  schedule = { cron = "0 4 ? * SUN *", window_hours = 2 }
  strategy = "dual-password"
  users    = ["app"]
  admin    = { secret_arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:db/admin-AbCdEf", host = "db.example.com" }
  initial  = { username = "app" }
}

run "accepted" {
  command = plan
}

run "single_user" {
  command = plan

  variables {
    strategy = "single-user"
    admin    = null
    users    = []
    initial  = { username = "app", password = "first" }
  }
}

run "another_strategy" {
  command = plan

  variables {
    strategy = "both"
  }

  expect_failures = [var.strategy]
}

run "two_passwords_without_an_administrator" {
  command = plan

  variables {
    admin = null
    users = []
  }

  expect_failures = [var.strategy]
}

run "administrator_without_its_whole_arn" {
  command = plan

  variables {
    admin = { secret_arn = "db/admin" }
  }

  expect_failures = [var.admin]
}

run "administrator_with_a_port_in_its_host" {
  command = plan

  variables {
    admin = { secret_arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:db/admin-AbCdEf", host = "db.example.com:3306" }
  }

  expect_failures = [var.admin]
}

run "administrator_at_port_0" {
  command = plan

  variables {
    admin = { secret_arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:db/admin-AbCdEf", port = 0 }
  }

  expect_failures = [var.admin]
}

run "administrators_twice" {
  command = plan

  variables {
    admins = [{ secret_arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:db/admin-AbCdEf" }]
  }

  expect_failures = [var.admin]
}

run "administrator_without_users" {
  command = plan

  variables {
    users = []
  }

  expect_failures = [var.users]
}

run "a_user_twice" {
  command = plan

  variables {
    users = ["app", "app"]
  }

  expect_failures = [var.users]
}

run "a_user_that_is_a_template" {
  command = plan

  variables {
    users = ["$${app}"]
  }

  expect_failures = [var.users]
}

run "a_name_that_is_too_long" {
  command = plan

  variables {
    users = [format("%081d", 0)]
  }

  expect_failures = [var.users]
}

run "one_user_for_a_fleet" {
  command = plan

  variables {
    name     = null
    initial  = null
    function = { name = "rotate-tenants" }
    fleet    = { secret_name_prefix = "tenants/", secrets = { "tenants/1" = {} } }
  }

  expect_failures = [var.users]
}

run "alternating_without_an_administrator" {
  command = plan

  variables {
    strategy = "alternating-users"
    admin    = null
    users    = ["app", "app_clone"]
  }

  expect_failures = [var.strategy]
}

run "one_user_that_alternates" {
  command = plan

  variables {
    strategy = "alternating-users"
    users    = ["app"]
  }

  expect_failures = [var.users]
}

run "user_host_without_an_administrator" {
  command = plan

  variables {
    strategy  = "single-user"
    admin     = null
    users     = []
    user_host = "10.%"
  }

  expect_failures = [var.user_host]
}

run "a_user_host_that_is_no_host" {
  command = plan

  variables {
    user_host = "'%'"
  }

  expect_failures = [var.user_host]
}

run "url_field_with_a_comma" {
  command = plan

  variables {
    url_fields = ["a,b"]
  }

  expect_failures = [var.url_fields]
}

run "url_fields_of_a_text" {
  command = plan

  variables {
    format     = "text"
    initial    = null
    url_fields = ["URL"]
  }

  expect_failures = [var.url_fields]
}

run "another_format" {
  command = plan

  variables {
    format = "yaml"
  }

  expect_failures = [var.format]
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

run "password_of_no_characters" {
  command = plan

  variables {
    password = { length = 0 }
  }

  expect_failures = [var.password]
}

run "typographic_character" {
  command = plan

  variables {
    password = { exclude_characters = "’" }
  }

  expect_failures = [var.password]
}

run "space_in_and_out" {
  command = plan

  variables {
    password = { include_space = true, exclude_characters = " " }
  }

  expect_failures = [var.password]
}

run "nothing_left" {
  command = plan

  variables {
    password = { exclude_numbers = true, exclude_punctuation = true, exclude_uppercase = true, exclude_lowercase = true, require_each_included_type = false }
  }

  expect_failures = [var.password]
}

run "a_type_without_characters" {
  command = plan

  variables {
    password = { exclude_characters = "0123456789" }
  }

  expect_failures = [var.password]
}

run "shorter_than_its_types" {
  command = plan

  variables {
    password = { length = 3 }
  }

  expect_failures = [var.password]
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
