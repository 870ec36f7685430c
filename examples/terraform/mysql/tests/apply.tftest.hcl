run "apply" {
  command = apply

  assert {
    condition     = can(regex(":secret:shop/db-", output.secret_arn))
    error_message = "The secret is ${output.secret_arn}."
  }
}
