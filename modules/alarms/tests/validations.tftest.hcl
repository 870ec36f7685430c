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
  name  = "my-app"
  email = "team@example.com"
  rotations = {
    db = {
      function_name        = "rotate-my-app-db"
      rotating_secret_arns = { secret = "arn:aws:secretsmanager:us-east-1:111122223333:secret:my-app/db-AbCdEf" }
    }
  }
}

run "accepted" {
  command = plan

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.function) == 4 && length(aws_cloudwatch_event_rule.failed) == 1
    error_message = "Expected the alarms of two functions, and one rule."
  }
}

run "a_fleet_and_a_topic" {
  command = plan

  variables {
    email     = null
    topic_arn = "arn:aws:sns:us-east-1:111122223333:team"
    rotations = {
      tenants = {
        function_name        = "rotate-tenants"
        rotating_secret_arns = { for index in range(11) : "tenants/${index}" => "arn:aws:secretsmanager:us-east-1:111122223333:secret:tenants/${index}-AbCdEf" }
      }
    }
  }

  assert {
    condition     = length(aws_cloudwatch_event_rule.failed) == 2 && length(aws_sns_topic.alarms) == 0
    error_message = "Expected two rules for eleven secrets, and no topic."
  }
}

run "a_prefix" {
  command = plan

  variables {
    rotations          = {}
    secret_name_prefix = "my-app/"
  }

  assert {
    condition     = jsondecode(aws_cloudwatch_event_rule.failed[0].event_pattern).detail.additionalEventData.SecretId[0].prefix == "arn:aws:secretsmanager:us-east-1:111122223333:secret:my-app/"
    error_message = "Expected the prefix in the rule."
  }
}

run "a_function_twice" {
  command = plan

  variables {
    rotations = {
      one   = { function_name = "rotate-db", rotating_secret_arns = {} }
      other = { function_name = "rotate-db", rotating_secret_arns = {} }
    }
  }

  expect_failures = [var.rotations]
}

run "a_rotation_without_a_function" {
  command = plan

  variables {
    rotations = { db = { function_name = null, rotating_secret_arns = {} } }
  }

  expect_failures = [var.rotations]
}

run "an_exception_without_a_name" {
  command = plan

  variables {
    except = [""]
  }

  expect_failures = [var.except]
}

run "a_secret_by_its_name" {
  command = plan

  variables {
    rotations = { db = { function_name = "rotate-db", rotating_secret_arns = { db = "my-app/db" } } }
  }

  expect_failures = [var.rotations]
}

run "a_secret_of_another_region" {
  command = plan

  variables {
    rotations = { db = { function_name = "rotate-db", rotating_secret_arns = { db = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf" } } }
  }

  expect_failures = [var.rotations]
}

run "a_name_with_a_blank" {
  command = plan

  variables {
    name = "my app"
  }

  expect_failures = [var.name]
}

run "nothing_to_watch" {
  command = plan

  variables {
    rotations = {}
  }

  expect_failures = [var.secret_name_prefix]
}

run "a_prefix_that_aws_takes_for_its_opposite" {
  command = plan

  variables {
    secret_name_prefix = "!a"
  }

  expect_failures = [var.secret_name_prefix]
}

run "nobody_to_tell" {
  command = plan

  variables {
    email = null
  }

  expect_failures = [var.email]
}

run "two_to_tell" {
  command = plan

  variables {
    topic_arn = "arn:aws:sns:us-east-1:111122223333:team"
  }

  expect_failures = [var.email]
}

run "no_address" {
  command = plan

  variables {
    email = "team"
  }

  expect_failures = [var.email]
}

run "no_topic" {
  command = plan

  variables {
    email     = null
    topic_arn = "arn:aws:sqs:us-east-1:111122223333:team"
  }

  expect_failures = [var.topic_arn]
}

run "a_topic_of_another_region" {
  command = plan

  variables {
    email     = null
    topic_arn = "arn:aws:sns:eu-west-1:111122223333:team"
  }

  expect_failures = [var.topic_arn]
}

run "a_fifo_topic" {
  command = plan

  variables {
    email     = null
    topic_arn = "arn:aws:sns:us-east-1:111122223333:team.fifo"
  }

  expect_failures = [var.topic_arn]
}

run "a_boundary_by_its_name" {
  command = plan

  variables {
    permissions_boundary_arn = "boundary"
  }

  expect_failures = [var.permissions_boundary_arn]
}

run "a_path_without_a_slash_at_its_end" {
  command = plan

  variables {
    role_path = "/teams"
  }

  expect_failures = [var.role_path]
}
