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
        rotating_secret_arns = { for index in range(4) : "tenants/${index}" => "arn:aws:secretsmanager:us-east-1:111122223333:secret:tenants/${index}-AbCdEf" }
      }
    }
  }

  assert {
    condition     = length(aws_cloudwatch_event_rule.failed) == 2 && length(aws_sns_topic.alarms) == 0
    error_message = "Expected two rules for four secrets, and no topic."
  }
}

run "a_fleet_by_its_prefix" {
  command = plan

  variables {
    rotations = {
      tenants = {
        function_name        = "rotate-tenants"
        rotating_secret_arns = { for index in range(200) : "tenants/${index}" => "arn:aws:secretsmanager:us-east-1:111122223333:secret:tenants/${index}-AbCdEf" }
        secret_name_prefix   = "tenants/"
      }
    }
  }

  assert {
    condition     = jsondecode(one(aws_cloudwatch_event_rule.failed).event_pattern).detail.additionalEventData.SecretId == [{ prefix = "arn:aws:secretsmanager:us-east-1:111122223333:secret:tenants/" }]
    error_message = "Expected one rule with the prefix of the fleet."
  }

  assert {
    condition     = contains(flatten(data.aws_iam_policy_document.overdue_permissions.statement[*].resources), "arn:aws:secretsmanager:us-east-1:111122223333:secret:tenants/*")
    error_message = "Expected the prefix of the fleet in the policy."
  }
}

run "a_fleet_without_a_secret" {
  command = plan

  variables {
    rotations = { tenants = { function_name = "rotate-tenants", rotating_secret_arns = {}, secret_name_prefix = "tenants/" } }
  }

  assert {
    condition     = length(aws_cloudwatch_event_rule.failed) == 1
    error_message = "Expected the rule that the fleet will need."
  }
}

run "a_rotation_without_a_secret" {
  command = plan

  variables {
    rotations = { db = { function_name = "rotate-db", rotating_secret_arns = {} } }
  }

  assert {
    condition     = length(aws_cloudwatch_event_rule.failed) == 0 && [for statement in data.aws_iam_policy_document.overdue_permissions.statement : statement.sid] == ["WriteTheLog"]
    error_message = "Expected no rule, and no permission to describe a secret."
  }
}

run "names_of_512_characters" {
  command = plan

  variables {
    rotations = {
      db = {
        function_name        = "rotate-db"
        rotating_secret_arns = { for index in range(4) : index => "arn:aws:secretsmanager:us-east-1:111122223333:secret:${index}${join("", [for each in range(511) : "x"])}-AbCdEf" }
      }
    }
  }

  assert {
    condition     = alltrue([for rule in aws_cloudwatch_event_rule.failed : length(rule.event_pattern) <= 2048])
    error_message = "Expected patterns that EventBridge takes."
  }
}

run "more_secrets_than_a_policy_can_name" {
  command = plan

  variables {
    rotations = { db = { function_name = "rotate-db", rotating_secret_arns = { for index in range(76) : index => "arn:aws:secretsmanager:us-east-1:111122223333:secret:db/${index}-AbCdEf" } } }
  }

  expect_failures = [var.rotations]
}

run "longer_names_than_a_policy_can_have" {
  command = plan

  variables {
    rotations = { db = { function_name = "rotate-db", rotating_secret_arns = { for index in range(40) : index => "arn:aws:secretsmanager:us-east-1:111122223333:secret:${index}${join("", [for each in range(200) : "x"])}-AbCdEf" } } }
  }

  expect_failures = [var.rotations]
}

run "a_fleet_that_no_schedule_can_name" {
  command = plan

  variables {
    rotations = { tenants = { function_name = "rotate-tenants", secret_name_prefix = "tenants/", rotating_secret_arns = { for index in range(1000) : "tenants/${index}${join("", [for each in range(200) : "x"])}" => "arn:aws:secretsmanager:us-east-1:111122223333:secret:tenants/${index}-AbCdEf" } } }
  }

  expect_failures = [var.rotations]
}

run "a_prefix_that_its_secrets_do_not_have" {
  command = plan

  variables {
    rotations = { db = { function_name = "rotate-db", secret_name_prefix = "tenants/", rotating_secret_arns = { db = "arn:aws:secretsmanager:us-east-1:111122223333:secret:db-AbCdEf" } } }
  }

  expect_failures = [var.rotations]
}

run "a_prefix_with_a_wildcard" {
  command = plan

  variables {
    rotations = { db = { function_name = "rotate-db", secret_name_prefix = "*", rotating_secret_arns = {} } }
  }

  expect_failures = [var.rotations]
}

run "a_function_by_its_arn" {
  command = plan

  variables {
    rotations = { db = { function_name = "arn:aws:lambda:us-east-1:111122223333:function:rotate-db", rotating_secret_arns = {} } }
  }

  expect_failures = [var.rotations]
}

run "a_function_without_a_name" {
  command = plan

  variables {
    rotations = { db = { function_name = "", rotating_secret_arns = {} } }
  }

  expect_failures = [var.rotations]
}

run "every_secret" {
  command = plan

  variables {
    rotations = { db = { function_name = "rotate-db", rotating_secret_arns = { db = "arn:aws:secretsmanager:us-east-1:111122223333:secret:*" } } }
  }

  expect_failures = [var.rotations]
}

run "an_arn_without_its_six_characters" {
  command = plan

  variables {
    rotations = { db = { function_name = "rotate-db", rotating_secret_arns = { db = "arn:aws:secretsmanager:us-east-1:111122223333:secret:db" } } }
  }

  expect_failures = [var.rotations]
}

run "a_secret_of_another_account" {
  command = plan

  variables {
    rotations = { db = { function_name = "rotate-db", rotating_secret_arns = { db = "arn:aws:secretsmanager:us-east-1:444455556666:secret:db-AbCdEf" } } }
  }

  expect_failures = [var.rotations]
}

run "a_runbook_with_a_quote" {
  command = plan

  variables {
    runbook_url = "https://example.com/\"quoted\""
  }

  expect_failures = [var.runbook_url]
}

run "a_runbook_on_two_lines" {
  command = plan

  variables {
    runbook_url = "https://example.com/one\ntwo"
  }

  expect_failures = [var.runbook_url]
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
