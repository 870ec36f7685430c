run "apply" {
  command = apply

  assert {
    condition     = startswith(output.undelivered_queue_names.secret, "rotate-shop-login-undelivered-")
    error_message = "The queues are ${join(", ", values(output.undelivered_queue_names))}."
  }
}
