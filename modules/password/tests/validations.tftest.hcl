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
  name     = "my-app/custom-password"
  schedule = { rate_days = 30 }
}

run "accepted" {
  command = plan
}

run "a_fleet" {
  command = plan

  variables {
    name     = null
    function = { name = "rotate-tenants" }
    fleet    = { secret_name_prefix = "tenants/", secrets = { "tenants/1" = {} } }
  }
}

run "a_fleet_with_first_versions" {
  command = plan

  variables {
    name     = null
    function = { name = "rotate-tenants" }
    fleet    = { secret_name_prefix = "tenants/", secrets = { "tenants/1" = {}, "tenants/2" = {} } }
    initial  = { "tenants/1" = { username = "one" }, "tenants/2" = null }
  }
}

run "a_fleet_of_texts" {
  command = plan

  variables {
    name     = null
    function = { name = "rotate-tenants" }
    fleet    = { secret_name_prefix = "tenants/", secrets = { "tenants/1" = {}, "tenants/2" = {} } }
    format   = "text"
    initial  = { "tenants/1" = "", "tenants/2" = null }
  }
}

run "a_fleet_of_texts_with_first_versions" {
  command = plan

  variables {
    name              = null
    function          = { name = "rotate-tenants" }
    fleet             = { secret_name_prefix = "tenants/", secrets = { "tenants/1" = {}, "tenants/2" = {} } }
    format            = "text"
    initial           = { "tenants/1" = "one", "tenants/2" = "two" }
    has_first_version = true
  }
}

run "a_fleet_of_texts_without_one_of_its_first_versions" {
  command = plan

  variables {
    name              = null
    function          = { name = "rotate-tenants" }
    fleet             = { secret_name_prefix = "tenants/", secrets = { "tenants/1" = {}, "tenants/2" = {} } }
    format            = "text"
    initial           = { "tenants/1" = "one", "tenants/2" = "" }
    has_first_version = true
  }

  expect_failures = [aws_secretsmanager_secret_version.first]
}

run "a_plain_text" {
  command = plan

  variables {
    format = "text"
  }
}

run "a_plain_text_that_is_empty" {
  command = plan

  variables {
    format  = "text"
    initial = ""
  }
}

run "a_plain_text_with_a_first_version" {
  command = plan

  variables {
    format            = "text"
    initial           = "first"
    has_first_version = true
  }
}

run "a_first_version_of_an_empty_text" {
  command = plan

  variables {
    format            = "text"
    initial           = ""
    has_first_version = true
  }

  expect_failures = [aws_secretsmanager_secret_version.first]
}

run "a_first_version_of_no_text" {
  command = plan

  variables {
    format            = "text"
    has_first_version = true
  }

  expect_failures = [aws_secretsmanager_secret_version.first]
}

run "a_first_version_with_an_empty_field" {
  command = plan

  variables {
    initial             = { username = "app", login = [{ password = "" }] }
    initial_is_required = true
  }

  expect_failures = [aws_secretsmanager_secret_version.first]
}

run "a_first_version_without_fields" {
  command = plan

  variables {
    initial             = {}
    initial_is_required = true
  }

  expect_failures = [aws_secretsmanager_secret_version.first]
}

run "a_fleet_with_an_empty_field_in_a_first_version" {
  command = plan

  variables {
    name                = null
    function            = { name = "rotate-tenants" }
    fleet               = { secret_name_prefix = "tenants/", secrets = { "tenants/1" = {} } }
    initial             = { "tenants/1" = { key = "" } }
    initial_is_required = true
  }

  expect_failures = [aws_secretsmanager_secret_version.first]
}

run "without_a_name" {
  command = plan

  variables {
    name = null
  }

  expect_failures = [var.name]
}

run "with_name_and_prefix" {
  command = plan

  variables {
    name_prefix = "my-app/"
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

run "empty_name" {
  command = plan

  variables {
    name = ""
  }

  expect_failures = [var.name]
}

run "long_name" {
  command = plan

  variables {
    name = format("%0513d", 0)
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

run "long_prefix" {
  command = plan

  variables {
    name        = null
    name_prefix = format("%0487d", 0)
  }

  expect_failures = [var.name_prefix]
}

run "fleet_without_a_function_name" {
  command = plan

  variables {
    name  = null
    fleet = { secret_name_prefix = "tenants/", secrets = {} }
  }

  expect_failures = [var.fleet]
}

run "fleet_with_a_secret_outside" {
  command = plan

  variables {
    name     = null
    function = { name = "rotate-tenants" }
    fleet    = { secret_name_prefix = "tenants/", secrets = { "other/1" = {} } }
  }

  expect_failures = [var.fleet]
}

run "fleet_with_a_blank_in_its_prefix" {
  command = plan

  variables {
    name     = null
    function = { name = "rotate-tenants" }
    fleet    = { secret_name_prefix = "ten ants/", secrets = {} }
  }

  expect_failures = [var.fleet]
}

run "fleet_that_is_refreshed" {
  command = plan

  variables {
    name                  = null
    function              = { name = "rotate-tenants" }
    refresh_every_minutes = 30
    fleet                 = { secret_name_prefix = "tenants/", secrets = {} }
  }

  expect_failures = [var.fleet]
}

run "no_schedule" {
  command = plan

  variables {
    schedule = {}
  }

  expect_failures = [var.schedule]
}

run "two_schedules" {
  command = plan

  variables {
    schedule = { rate_days = 1, cron = "0 8 ? * MON-FRI *" }
  }

  expect_failures = [var.schedule]
}

run "rate_of_no_days" {
  command = plan

  variables {
    schedule = { rate_days = 0 }
  }

  expect_failures = [var.schedule]
}

run "rate_of_half_a_day" {
  command = plan

  variables {
    schedule = { rate_days = 0.5 }
  }

  expect_failures = [var.schedule]
}

run "rate_of_three_hours" {
  command = plan

  variables {
    schedule = { rate_hours = 3 }
  }

  expect_failures = [var.schedule]
}

run "hour_24" {
  command = plan

  variables {
    schedule = { daily = { hour = 24 } }
  }

  expect_failures = [var.schedule]
}

run "weekday_in_small_letters" {
  command = plan

  variables {
    schedule = { weekly = { weekday = "sun" } }
  }

  expect_failures = [var.schedule]
}

run "day_32" {
  command = plan

  variables {
    schedule = { monthly = { day = "32" } }
  }

  expect_failures = [var.schedule]
}

run "window_of_25_hours" {
  command = plan

  variables {
    schedule = { rate_days = 1, window_hours = 25 }
  }

  expect_failures = [var.schedule]
}

run "window_into_the_next_day" {
  command = plan

  variables {
    schedule = { daily = { hour = 20 }, window_hours = 5 }
  }

  expect_failures = [var.schedule]
}

run "window_into_the_next_window" {
  command = plan

  variables {
    schedule = { rate_hours = 4, window_hours = 5 }
  }

  expect_failures = [var.schedule]
}

run "cron_with_minutes" {
  command = plan

  variables {
    schedule = { cron = "30 8 ? * MON-FRI *" }
  }

  expect_failures = [var.schedule]
}

run "cron_with_its_name" {
  command = plan

  variables {
    schedule = { cron = "cron(0 8 * * ? *)" }
  }

  expect_failures = [var.schedule]
}

run "cron_of_five_fields" {
  command = plan

  variables {
    schedule = { cron = "0 8 ? * MON-FRI" }
  }

  expect_failures = [var.schedule]
}

run "cron_with_two_days" {
  command = plan

  variables {
    schedule = { cron = "0 8 1 * MON *" }
  }

  expect_failures = [var.schedule]
}

run "refreshed_every_minute" {
  command = plan

  variables {
    refresh_every_minutes = 1
  }

  expect_failures = [var.refresh_every_minutes]
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

run "function_name_with_a_dot" {
  command = plan

  variables {
    function = { name = "rotate.it" }
  }

  expect_failures = [var.function]
}

run "role_path_without_a_slash" {
  command = plan

  variables {
    function = { role_path = "teams" }
  }

  expect_failures = [var.function]
}

run "boundary_by_its_name" {
  command = plan

  variables {
    function = { permissions_boundary_arn = "boundary" }
  }

  expect_failures = [var.function]
}

run "log_key_by_its_alias" {
  command = plan

  variables {
    function = { log_kms_key_arn = "alias/mine" }
  }

  expect_failures = [var.function]
}

run "no_subnet" {
  command = plan

  variables {
    network = { subnet_ids = [] }
  }

  expect_failures = [var.network]
}

run "something_else_as_a_security_group" {
  command = plan

  variables {
    network = { subnet_ids = ["subnet-0123"], security_group_ids = ["default"] }
  }

  expect_failures = [var.network]
}

run "port_0" {
  command = plan

  variables {
    network = { subnet_ids = ["subnet-0123"], target_ports = [0] }
  }

  expect_failures = [var.network]
}

run "port_twice" {
  command = plan

  variables {
    network = { subnet_ids = ["subnet-0123"], target_ports = [5432, 5432] }
  }

  expect_failures = [var.network]
}

run "port_of_secrets_manager" {
  command = plan

  variables {
    network = { subnet_ids = ["subnet-0123"], target_ports = [443, 8443] }
  }

  expect_failures = [var.network]
}

run "port_of_secrets_manager_beside_an_endpoint" {
  command = plan

  variables {
    network = { subnet_ids = ["subnet-0123"], target_ports = [443, 8443], secrets_manager_endpoint_security_group_id = "sg-0123" }
  }
}

run "initial_text_for_fields" {
  command = plan

  variables {
    initial = "text"
  }

  expect_failures = [var.initial]
}

run "initial_with_a_field_that_is_null" {
  command = plan

  variables {
    initial = { username = "user1", login = { password = null } }
  }

  expect_failures = [var.initial]
}

run "initial_with_a_field_that_is_empty" {
  command = plan

  variables {
    initial = { username = "user1", logins = ["first", ""] }
  }

  expect_failures = [var.initial]
}

run "initial_with_a_field_that_is_empty_in_a_fleet" {
  command = plan

  variables {
    name     = null
    function = { name = "rotate-tenants" }
    fleet    = { secret_name_prefix = "tenants/", secrets = { "tenants/1" = {}, "tenants/2" = {} } }
    initial  = { "tenants/1" = { username = "" } }
  }

  expect_failures = [var.initial]
}

run "initial_text_that_nothing_would_use" {
  command = plan

  variables {
    format  = "text"
    initial = "first"
  }

  expect_failures = [var.initial]
}

run "initial_text_that_nothing_would_use_in_a_fleet" {
  command = plan

  variables {
    name     = null
    function = { name = "rotate-tenants" }
    fleet    = { secret_name_prefix = "tenants/", secrets = { "tenants/1" = {}, "tenants/2" = {} } }
    format   = "text"
    initial  = { "tenants/1" = "one", "tenants/2" = null }
  }

  expect_failures = [var.initial]
}

run "initial_with_the_word_null_in_its_texts" {
  command = plan

  variables {
    initial = { username = "null", null = "a \"null\" \\", "" = "\"\"", texts = ["a", "\"", ",\"\","], none = {} }
  }
}

run "initial_of_no_secret_of_the_fleet" {
  command = plan

  variables {
    name     = null
    function = { name = "rotate-tenants" }
    fleet    = { secret_name_prefix = "tenants/", secrets = { "tenants/1" = {}, "tenants/2" = {} } }
    initial  = { "tenants/l" = { username = "one" } }
  }

  expect_failures = [var.initial]
}

run "initial_of_one_secret_for_a_fleet" {
  command = plan

  variables {
    name     = null
    function = { name = "rotate-tenants" }
    fleet    = { secret_name_prefix = "tenants/", secrets = { "tenants/1" = {}, "tenants/2" = {} } }
    initial  = { username = "one" }
  }

  expect_failures = [var.initial]
}

run "initial_text_for_fields_in_a_fleet" {
  command = plan

  variables {
    name     = null
    function = { name = "rotate-tenants" }
    fleet    = { secret_name_prefix = "tenants/", secrets = { "tenants/1" = {}, "tenants/2" = {} } }
    initial  = { "tenants/1" = "one" }
  }

  expect_failures = [var.initial]
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

run "fields_of_a_text" {
  command = plan

  variables {
    format = "text"
    fields = ["token"]
  }

  expect_failures = [var.fields]
}

run "field_twice" {
  command = plan

  variables {
    fields = ["a", "a"]
  }

  expect_failures = [var.fields]
}

run "field_with_a_comma" {
  command = plan

  variables {
    fields = ["a,b"]
  }

  expect_failures = [var.fields]
}

run "another_format" {
  command = plan

  variables {
    format = "yaml"
  }

  expect_failures = [var.format]
}

run "field_within_another" {
  command = plan

  variables {
    fields = ["db", "/db/password"]
  }

  expect_failures = [var.fields]
}

run "a_schedule_of_its_own_that_is_no_cron" {
  command = plan

  variables {
    name     = null
    function = { name = "rotate-tenants" }
    fleet    = { secret_name_prefix = "tenants/", secrets = { "tenants/1" = { schedule_cron = "0 8 * * * *" } } }
  }

  expect_failures = [var.fleet]
}

run "a_schedule_of_its_own_too_late_for_the_window" {
  command = plan

  variables {
    name     = null
    function = { name = "rotate-tenants" }
    schedule = { daily = { hour = 1 }, window_hours = 5 }
    fleet    = { secret_name_prefix = "tenants/", secrets = { "tenants/1" = { schedule_cron = "0 20 * * ? *" } } }
  }

  expect_failures = [var.fleet]
}

run "an_existing_secret" {
  command = plan

  variables {
    name     = null
    existing = { secret_arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:billing/key-AbCdEf" }
  }

  override_data {
    target          = data.aws_secretsmanager_secret_rotation.today
    override_during = plan
    values          = { id = "arn:aws:secretsmanager:us-east-1:111122223333:secret:billing/key-AbCdEf", rotation_lambda_arn = "arn:aws:lambda:us-east-1:111122223333:function:rotate-billing-key-88258116" }
  }

  assert {
    condition     = length(aws_secretsmanager_secret.secret) + length(aws_secretsmanager_secret_version.first) == 0
    error_message = "It writes to a secret that was there before."
  }
}

run "an_existing_secret_that_another_function_rotates" {
  command = plan

  variables {
    name     = null
    existing = { secret_arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:billing/key-AbCdEf" }
  }

  override_data {
    target          = data.aws_secretsmanager_secret_rotation.today
    override_during = plan
    values          = { id = "arn:aws:secretsmanager:us-east-1:111122223333:secret:billing/key-AbCdEf", rotation_lambda_arn = "arn:aws:lambda:us-east-1:111122223333:function:hand-made" }
  }

  expect_failures = [aws_secretsmanager_secret_rotation.existing]
}

run "an_existing_secret_that_is_taken_over" {
  command = plan

  variables {
    name = null
    existing = {
      secret_arn     = "arn:aws:secretsmanager:us-east-1:111122223333:secret:billing/key-AbCdEf"
      take_over_from = "arn:aws:lambda:us-east-1:111122223333:function:hand-made"
    }
  }

  override_data {
    target          = data.aws_secretsmanager_secret_rotation.today
    override_during = plan
    values          = { id = "arn:aws:secretsmanager:us-east-1:111122223333:secret:billing/key-AbCdEf", rotation_lambda_arn = "arn:aws:lambda:us-east-1:111122223333:function:hand-made" }
  }
}

run "an_existing_secret_by_its_name" {
  command = plan

  variables {
    name     = null
    existing = { secret_arn = "billing/key" }
  }

  expect_failures = [var.existing]
}

run "an_existing_secret_taken_over_from_a_name" {
  command = plan

  variables {
    name     = null
    existing = { secret_arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:billing/key-AbCdEf", take_over_from = "hand-made" }
  }

  expect_failures = [var.existing]
}

run "an_existing_secret_with_a_description" {
  command = plan

  variables {
    name        = null
    description = "The key"
    existing    = { secret_arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:billing/key-AbCdEf" }
  }

  expect_failures = [var.existing]
}

run "an_existing_secret_with_a_first_version" {
  command = plan

  variables {
    name     = null
    initial  = { username = "app" }
    existing = { secret_arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:billing/key-AbCdEf" }
  }

  override_data {
    target          = data.aws_secretsmanager_secret_rotation.today
    override_during = plan
    values          = { id = "arn:aws:secretsmanager:us-east-1:111122223333:secret:billing/key-AbCdEf", rotation_lambda_arn = "arn:aws:lambda:us-east-1:111122223333:function:rotate-billing-key-88258116" }
  }

  expect_failures = [var.initial]
}

run "replicas_and_a_policy" {
  command = plan

  variables {
    replicas        = [{ region = "eu-west-1" }, { region = "eu-central-1", kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/1234" }]
    resource_policy = { json = "{\"Statement\":{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"secretsmanager:DeleteSecret\",\"Resource\":\"*\"}}" }
  }
}

run "a_replica_in_no_region" {
  command = plan

  variables {
    replicas = [{ region = "Ireland" }]
  }

  expect_failures = [var.replicas]
}

run "a_replica_in_its_own_region" {
  command = plan

  variables {
    replicas = [{ region = "us-east-1" }]
  }

  expect_failures = [var.replicas]
}

run "a_replica_twice" {
  command = plan

  variables {
    replicas = [{ region = "eu-west-1" }, { region = "eu-west-1" }]
  }

  expect_failures = [var.replicas]
}

run "a_replica_with_a_key_by_its_alias" {
  command = plan

  variables {
    replicas = [{ region = "eu-west-1", kms_key_arn = "alias/mine" }]
  }

  expect_failures = [var.replicas]
}

run "a_replica_with_a_key_of_another_region" {
  command = plan

  variables {
    replicas = [{ region = "eu-west-1", kms_key_arn = "arn:aws:kms:us-east-1:111122223333:key/1234" }]
  }

  expect_failures = [var.replicas]
}

run "a_policy_that_is_none" {
  command = plan

  variables {
    resource_policy = { json = "{}" }
  }

  expect_failures = [var.resource_policy]
}

run "a_policy_that_denies_everybody" {
  command = plan

  variables {
    resource_policy = { json = "{\"Statement\":[{\"Effect\":\"Deny\",\"Principal\":{\"AWS\":\"*\"},\"Action\":[\"secretsmanager:*\"],\"Resource\":\"*\"}]}" }
  }

  expect_failures = [var.resource_policy]
}

run "a_policy_with_an_effect_in_small_letters" {
  command = plan

  variables {
    resource_policy = { json = "{\"Statement\":[{\"Effect\":\"deny\",\"Principal\":\"*\",\"Resource\":\"*\",\"Action\":\"*\"}]}" }
  }

  expect_failures = [var.resource_policy]
}

run "a_policy_with_a_misspelt_condition" {
  command = plan

  variables {
    resource_policy = { json = "{\"Statement\":[{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Resource\":\"*\",\"Action\":\"*\",\"Conditon\":{}}]}" }
  }

  expect_failures = [var.resource_policy]
}

run "a_policy_with_a_statement_without_an_effect" {
  command = plan

  variables {
    resource_policy = { json = "{\"Statement\":[{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Resource\":\"*\",\"Action\":\"secretsmanager:DeleteSecret\"},{\"Action\":\"*\"}]}" }
  }

  expect_failures = [var.resource_policy]
}

run "a_policy_that_denies_all_but_an_action" {
  command = plan

  variables {
    resource_policy = { json = "{\"Statement\":[{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Resource\":\"*\",\"NotAction\":\"secretsmanager:PutSecretValue\"}]}" }
  }

  expect_failures = [var.resource_policy]
}

run "a_policy_that_denies_by_a_pattern" {
  command = plan

  variables {
    resource_policy = { json = "{\"Statement\":[{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Resource\":\"*\",\"Action\":\"s*:get?????????ue\"}]}" }
  }

  expect_failures = [var.resource_policy]
}

run "a_policy_that_denies_everybody_and_somebody" {
  command = plan

  variables {
    resource_policy = { json = "{\"Statement\":[{\"Effect\":\"Deny\",\"Principal\":{\"AWS\":[\"*\",\"arn:aws:iam::111122223333:root\"]},\"Resource\":\"*\",\"Action\":\"secretsmanager:PutSecretValue\"}]}" }
  }

  expect_failures = [var.resource_policy]
}

run "a_policy_with_an_empty_condition" {
  command = plan

  variables {
    resource_policy = { json = "{\"Statement\":[{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Resource\":\"*\",\"Action\":\"secretsmanager:GetSecretValue\",\"Condition\":{\"StringEquals\":{}}}]}" }
  }

  expect_failures = [var.resource_policy]
}

run "a_policy_that_nobody_can_change" {
  command = plan

  variables {
    resource_policy = { json = "{\"Statement\":[{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Resource\":\"*\",\"Action\":\"secretsmanager:PutResourcePolicy\"},{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Resource\":\"*\",\"Action\":\"secretsmanager:DeleteResourcePolicy\"}]}" }
  }

  expect_failures = [var.resource_policy]
}

run "a_policy_that_nobody_can_put" {
  command = plan

  variables {
    resource_policy = { json = "{\"Statement\":[{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Resource\":\"*\",\"Action\":\"secretsmanager:PutResourcePolicy\"}]}" }
  }
}

run "a_policy_that_denies_some" {
  command = plan

  variables {
    resource_policy = { json = "{\"Statement\":[{\"Effect\":\"Deny\",\"Principal\":{\"AWS\":\"arn:aws:iam::111122223333:role/other\"},\"Resource\":\"*\",\"Action\":\"*\"},{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Resource\":\"*\",\"Action\":\"*\",\"Condition\":{\"ArnNotEquals\":{\"aws:PrincipalArn\":\"arn:aws:iam::111122223333:role/deploy\"}}},{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Resource\":\"*\",\"NotAction\":\"secretsmanager:*\"}]}" }
  }
}

run "a_policy_that_is_public" {
  command = plan

  variables {
    resource_policy = { json = "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Resource\":\"*\",\"Action\":\"secretsmanager:GetSecretValue\"}]}" }
  }

  expect_failures = [var.resource_policy]
}

run "a_policy_that_may_be_public" {
  command = plan

  variables {
    resource_policy = { json = "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Resource\":\"*\",\"Action\":\"secretsmanager:GetSecretValue\"}]}", block_public_policy = false }
  }
}

run "names_that_differ_in_punctuation_alone" {
  command = plan

  variables {
    name = "a/b"
  }

  assert {
    condition     = output.function_name == "rotate-a-b-${substr(sha256("a/b"), 0, 8)}"
    error_message = "a/b and a.b have the same function: ${output.function_name}"
  }
}

run "a_name_that_lambda_takes_as_it_is" {
  command = plan

  variables {
    name = "a-b"
  }

  assert {
    condition     = output.function_name == "rotate-a-b"
    error_message = "Its name needs no hash: ${output.function_name}"
  }
}

run "empty_prefix" {
  command = plan

  variables {
    name        = null
    name_prefix = ""
  }

  expect_failures = [var.name_prefix]
}

run "empty_key" {
  command = plan

  variables {
    kms_key_arn = ""
  }

  expect_failures = [var.kms_key_arn]
}

run "key_of_another_region" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd"
  }

  expect_failures = [var.kms_key_arn]
}

run "key_of_another_partition" {
  command = plan

  variables {
    kms_key_arn = "arn:aws-cn:kms:us-east-1:111122223333:key/1234abcd"
  }

  expect_failures = [var.kms_key_arn]
}

run "empty_function_name" {
  command = plan

  variables {
    function = { name = "" }
  }

  expect_failures = [var.function]
}

run "timeout_of_0" {
  command = plan

  variables {
    function = { timeout_seconds = 0 }
  }

  expect_failures = [var.function]
}

run "memory_of_64" {
  command = plan

  variables {
    function = { memory_megabytes = 64 }
  }

  expect_failures = [var.function]
}

run "no_execution" {
  command = plan

  variables {
    function = { reserved_concurrent_executions = 0 }
  }

  expect_failures = [var.function]
}

run "log_for_eight_days" {
  command = plan

  variables {
    function = { log_retention_days = 8 }
  }

  expect_failures = [var.function]
}

run "another_language" {
  command = plan

  variables {
    function = { runtime = "python3.12" }
  }

  expect_failures = [var.function]
}

run "another_architecture" {
  command = plan

  variables {
    function = { architecture = "riscv" }
  }

  expect_failures = [var.function]
}

run "code_signing_without_a_bucket" {
  command = plan

  variables {
    function = { code_signing = { config_arn = "arn:one", profile_name = "two", bucket_name = null } }
  }

  expect_failures = [var.function]
}

run "tag_of_aws" {
  command = plan

  variables {
    tags = { "AWS:team" = "data" }
  }

  expect_failures = [var.tags]
}

run "tag_without_a_value" {
  command = plan

  variables {
    tags = { team = null }
  }

  expect_failures = [var.tags]
}

run "fleet_with_a_secret_that_is_null" {
  command = plan

  variables {
    name     = null
    function = { name = "rotate-tenants" }
    fleet    = { secret_name_prefix = "tenants/", secrets = { "tenants/1" = null } }
  }

  expect_failures = [var.fleet]
}

run "replica_in_another_partition" {
  command = plan

  variables {
    replicas = [{ region = "cn-north-1" }]
  }

  expect_failures = [var.replicas]
}

run "replica_with_a_key_of_another_partition" {
  command = plan

  variables {
    replicas = [{ region = "eu-west-1", kms_key_arn = "arn:aws-cn:kms:eu-west-1:111122223333:key/1234abcd" }]
  }

  expect_failures = [var.replicas]
}

run "inner_members_that_may_be_null" {
  command = plan

  variables {
    kms_key_arn = null
    function    = { name = null, role_path = null, timeout_seconds = null }
    network     = { subnet_ids = ["subnet-0123"], security_group_ids = null, target_ports = null }
    password    = { length = null, exclude_characters = null }
    replicas    = [{ region = "eu-west-1", kms_key_arn = null }]
    schedule    = { rate_days = 30, cron = null, weekly = null }
    tags        = null
  }
}

run "field_in_an_object_that_is_not_there" {
  command = plan

  variables {
    fields  = ["/db/password"]
    initial = { username = "app" }
  }

  expect_failures = [var.initial]
}

run "field_in_a_text" {
  command = plan

  variables {
    fields  = ["/db/password"]
    initial = { db = "app" }
  }

  expect_failures = [var.initial]
}

run "field_in_an_object_that_one_secret_of_a_fleet_lacks" {
  command = plan

  variables {
    name     = null
    function = { name = "rotate-tenants" }
    fleet    = { secret_name_prefix = "tenants/", secrets = { "tenants/1" = {}, "tenants/2" = {} } }
    fields   = ["/db/password"]
    initial  = { "tenants/1" = { db = {} }, "tenants/2" = { username = "two" } }
  }

  expect_failures = [var.initial]
}

run "dotted_field_that_is_not_there" {
  command = plan

  variables {
    fields  = ["db.password"]
    initial = { db = { username = "app" } }
  }

  expect_failures = [var.initial]
}

run "fields_in_objects" {
  command = plan

  variables {
    fields  = ["password", "/db/password", "/a~1b/c/0/password", "/top.level", "dotted.name"]
    initial = { db = {}, "a/b" = { c = [{}] }, "dotted.name" = "first" }
  }
}

run "field_in_an_object_that_is_null" {
  command = plan

  variables {
    fields              = ["/db/password"]
    initial             = { db = null }
    initial_is_required = true
  }

  expect_failures = [aws_secretsmanager_secret_version.first]
}

run "field_in_an_object_without_a_first_version" {
  command = plan

  variables {
    fields = ["/db/password"]
  }

  expect_failures = [aws_secretsmanager_secret_version.first]
}

run "dotted_field_without_a_first_version" {
  command = plan

  variables {
    fields = ["db.password"]
  }

  expect_failures = [aws_secretsmanager_secret_version.first]
}

run "followers" {
  command = plan

  variables {
    on_rotated = [
      { ecs_service = { cluster_name = "apps", service_name = "web" } },
      { sns = { topic_arn = "arn:aws:sns:us-east-1:111122223333:rotated" } },
      { sqs = { queue_arn = "arn:aws:sqs:us-east-1:111122223333:rotated" } },
      { event_bus = { event_bus_arn = "arn:aws:events:eu-west-1:444455556666:event-bus/team" } },
      { webhook = { connection_arn = "arn:aws:events:us-east-1:111122223333:connection/hook/0123abcd", url = "https://example.com/rotated" } },
    ]
  }
}

run "a_follower_of_two_kinds" {
  command = plan

  variables {
    on_rotated = [{ sns = { topic_arn = "arn:aws:sns:us-east-1:111122223333:a" }, sqs = { queue_arn = "arn:aws:sqs:us-east-1:111122223333:a" } }]
  }

  expect_failures = [var.on_rotated]
}

run "a_follower_of_no_kind" {
  command = plan

  variables {
    on_rotated = [{}]
  }

  expect_failures = [var.on_rotated]
}

run "six_followers" {
  command = plan

  variables {
    on_rotated = [for name in ["a", "b", "c", "d", "e", "f"] : { sns = { topic_arn = "arn:aws:sns:us-east-1:111122223333:${name}" } }]
  }

  expect_failures = [var.on_rotated]
}

run "a_follower_twice" {
  command = plan

  variables {
    on_rotated = [for name in ["a", "a"] : { sns = { topic_arn = "arn:aws:sns:us-east-1:111122223333:${name}" } }]
  }

  expect_failures = [var.on_rotated]
}

run "a_service_by_its_arn" {
  command = plan

  variables {
    on_rotated = [{ ecs_service = { cluster_name = "apps", service_name = "arn:aws:ecs:us-east-1:111122223333:service/apps/web" } }]
  }

  expect_failures = [var.on_rotated]
}

run "a_queue_as_topic" {
  command = plan

  variables {
    on_rotated = [{ sns = { topic_arn = "arn:aws:sqs:us-east-1:111122223333:rotated" } }]
  }

  expect_failures = [var.on_rotated]
}

run "a_fifo_queue_to_follow" {
  command = plan

  variables {
    on_rotated = [{ sqs = { queue_arn = "arn:aws:sqs:us-east-1:111122223333:rotated.fifo" } }]
  }

  expect_failures = [var.on_rotated]
}

run "a_bus_by_its_name" {
  command = plan

  variables {
    on_rotated = [{ event_bus = { event_bus_arn = "default" } }]
  }

  expect_failures = [var.on_rotated]
}

run "a_webhook_with_a_password" {
  command = plan

  variables {
    on_rotated = [{ webhook = { connection_arn = "arn:aws:events:us-east-1:111122223333:connection/hook/0123abcd", url = "https://me:sentinel@example.com" } }]
  }

  expect_failures = [var.on_rotated]
}

run "a_follower_in_another_region" {
  command = plan

  variables {
    on_rotated = [{ sqs = { queue_arn = "arn:aws:sqs:eu-west-1:111122223333:rotated" } }]
  }

  expect_failures = [var.on_rotated]
}
