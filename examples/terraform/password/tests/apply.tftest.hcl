run "apply" {
  command = apply

  assert {
    condition     = startswith(output.function_name, "rotate-web-login-")
    error_message = "The function is named ${output.function_name}."
  }

  assert {
    condition     = flatten([jsondecode(output.read_policy_json).Statement])[0].Resource == output.secret_arn
    error_message = "The application may read another secret than its own."
  }
}
