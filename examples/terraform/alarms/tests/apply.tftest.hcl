run "apply" {
  command = apply

  assert {
    condition     = length(output.alarm_names) == 6 && alltrue([for name in output.alarm_names : startswith(name, "my-app-")])
    error_message = "The alarms are ${join(", ", output.alarm_names)}."
  }
}
