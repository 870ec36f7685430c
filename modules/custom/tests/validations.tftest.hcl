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
  name     = "my-app/custom"
  schedule = { rate_days = 30 }
  archive  = "../function/archives/password.zip"
}

run "accepted" {
  command = plan
}

run "no_archive" {
  command = plan

  variables {
    archive = "missing.zip"
  }

  expect_failures = [var.archive]
}

run "refused_name" {
  command = plan

  variables {
    environment = { "1A" = "x" }
  }

  expect_failures = [var.environment]
}

run "name_of_lambda" {
  command = plan

  variables {
    environment = { AWS_REGION = "x" }
  }

  expect_failures = [var.environment]
}

run "harmful_name" {
  command = plan

  variables {
    environment = { NODE_OPTIONS = "x" }
  }

  expect_failures = [var.environment]
}

run "too_long" {
  command = plan

  variables {
    environment = { URL = format("%04096d", 0) }
  }

  expect_failures = [var.environment]
}

run "another_format" {
  command = plan

  variables {
    format = "yaml"
  }

  expect_failures = [var.format]
}

run "folder_as_an_archive" {
  command = plan

  variables {
    archive = "."
  }

  expect_failures = [var.archive]
}

run "statement_without_actions" {
  command = plan

  variables {
    statements = [{ sid = "One", actions = [], resources = ["*"] }]
  }

  expect_failures = [var.statements]
}

run "statement_that_is_null" {
  command = plan

  variables {
    statements = [null]
  }

  expect_failures = [var.statements]
}
