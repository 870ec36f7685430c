run "apply" {
  command = apply

  assert {
    condition     = keys(output.secret_arns) == tolist(["tenants/blue", "tenants/green"])
    error_message = "The secrets are ${join(", ", keys(output.secret_arns))}."
  }
}
