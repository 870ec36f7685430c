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
  name                  = "my-app/google"
  schedule              = { rate_hours = 4 }
  service_account       = "calendar@my-project.iam.gserviceaccount.com"
  scopes                = ["https://www.googleapis.com/auth/calendar.readonly"]
  refresh_every_minutes = 30
  credentials           = { secret_arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:app/key-AbCdEf" }
}

run "accepted" {
  command = plan
}

run "no_credentials" {
  command = plan

  variables {
    credentials = {}
  }

  expect_failures = [var.credentials]
}

run "provider_by_its_short_name" {
  command = plan

  variables {
    credentials = { workload_identity_audience = "lambda" }
  }

  expect_failures = [var.credentials]
}

run "credentials_by_name" {
  command = plan

  variables {
    credentials = { secret_arn = "app/key" }
  }

  expect_failures = [var.credentials]
}

run "account_by_its_name" {
  command = plan

  variables {
    service_account = "calendar"
  }

  expect_failures = [var.service_account]
}

run "no_scope" {
  command = plan

  variables {
    scopes = []
  }

  expect_failures = [var.scopes]
}

run "short_scope" {
  command = plan

  variables {
    scopes = ["calendar.readonly"]
  }

  expect_failures = [var.scopes]
}

run "life_of_a_minute" {
  command = plan

  variables {
    lifetime_seconds = 60
  }

  expect_failures = [var.lifetime_seconds]
}

run "subject_by_its_name" {
  command = plan

  variables {
    subject = "somebody"
  }

  expect_failures = [var.subject]
}

run "long_life_of_a_user" {
  command = plan

  variables {
    subject          = "somebody@example.com"
    lifetime_seconds = 7200
  }

  expect_failures = [var.subject]
}

run "delegate_by_its_name" {
  command = plan

  variables {
    delegates = ["one"]
  }

  expect_failures = [var.delegates]
}

run "project_with_a_blank" {
  command = plan

  variables {
    quota_project = "my project"
  }

  expect_failures = [var.quota_project]
}

run "field_with_a_dot" {
  command = plan

  variables {
    field = "google.token"
  }

  expect_failures = [var.field]
}

run "endpoint_with_a_path" {
  command = plan

  variables {
    endpoint_url = "https://google.example.com/v1"
  }

  expect_failures = [var.endpoint_url]
}

run "a_token_that_its_schedule_outlives" {
  command = plan

  variables {
    refresh_every_minutes = null
  }

  expect_failures = [aws_secretsmanager_secret_rotation.secret]
}

run "a_token_of_twelve_hours" {
  command = plan

  variables {
    refresh_every_minutes = null
    lifetime_seconds      = 43200
  }
}
