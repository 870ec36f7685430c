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
  name    = "my-app/client"
  initial = { client_id = "my-app" }
}

run "accepted" {
  command = plan
}

run "by_hand" {
  command = plan

  variables {
    initial           = null
    has_first_version = false
  }
}

run "a_first_version_of_an_empty_field" {
  command = plan

  variables {
    initial = { client_id = "my-app", client_secret = "" }
  }

  expect_failures = [aws_secretsmanager_secret_version.first]
}

run "a_first_version_of_a_field_that_is_null" {
  command = plan

  variables {
    initial = { client_id = "my-app", logins = [{ client_secret = null }] }
  }

  expect_failures = [aws_secretsmanager_secret_version.first]
}

run "a_first_version_of_no_fields" {
  command = plan

  variables {
    initial = {}
  }

  expect_failures = [aws_secretsmanager_secret_version.first]
}

run "a_first_version_of_an_empty_text" {
  command = plan

  variables {
    initial = ""
  }

  expect_failures = [aws_secretsmanager_secret_version.first]
}

run "a_first_version_of_a_text_of_json_with_an_empty_field" {
  command = plan

  variables {
    initial = "{\"client_secret\":\"\"}"
  }

  expect_failures = [aws_secretsmanager_secret_version.first]
}

run "a_first_version_of_nothing" {
  command = plan

  variables {
    initial = null
  }

  expect_failures = [aws_secretsmanager_secret_version.first]
}

run "a_text" {
  command = plan

  variables {
    initial = "-----BEGIN PRIVATE KEY-----\n\"\""
  }
}

run "without_a_name" {
  command = plan

  variables {
    name = null
  }

  expect_failures = [var.name]
}

run "name_with_a_blank" {
  command = plan

  variables {
    name = "my app"
  }

  expect_failures = [var.name]
}

run "prefix_with_a_blank" {
  command = plan

  variables {
    name        = null
    name_prefix = "my app"
  }

  expect_failures = [var.name_prefix]
}

run "key_by_its_alias" {
  command = plan

  variables {
    kms_key_arn = "alias/mine"
  }

  expect_failures = [var.kms_key_arn]
}

run "recovery_window_of_three_days" {
  command = plan

  variables {
    recovery_window_days = 3
  }

  expect_failures = [var.recovery_window_days]
}

run "tag_of_aws" {
  command = plan

  variables {
    tags = { "aws:team" = "data" }
  }

  expect_failures = [var.tags]
}

run "empty_name" {
  command = plan

  variables {
    name = ""
  }

  expect_failures = [var.name]
}

run "key_of_another_region" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd"
  }

  expect_failures = [var.kms_key_arn]
}
