run "apply" {
  command = apply

  assert {
    condition     = can(regex(":secret:web/db-", output.secret_arn))
    error_message = "The secret is ${output.secret_arn}."
  }
}
