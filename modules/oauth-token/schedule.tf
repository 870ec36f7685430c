# When a secret rotates: this file is the same in every module of a rotating secret.

variable "schedule" {
  description = <<-EOT
    When the secret rotates, in UTC. Exactly one of:

    - `rate_days`, `rate_hours` - So many days (1 to 999) or hours (4 to 23976) after the last rotation.
    - `daily`, `weekly`, `monthly` - At an hour (`hour`, default 0), on a day of the week (`weekday`, SUN to SAT) or of the month (`day`, 1 to 31, or L for the last one; months without such a day are skipped).
    - `cron` - Six fields: `0 8 ? * MON-FRI *`. Here, its form is checked; whether it opens in every year, and at least four hours apart, is not.

    `window_hours` is how long after it opens a window closes, 1 to 24. Default: 1 for schedules in hours, to the end of the UTC day for others.
  EOT
  type = object({
    rate_days    = optional(number)
    rate_hours   = optional(number)
    cron         = optional(string)
    daily        = optional(object({ hour = optional(number, 0) }))
    weekly       = optional(object({ hour = optional(number, 0), weekday = string }))
    monthly      = optional(object({ hour = optional(number, 0), day = string }))
    window_hours = optional(number)
  })
  nullable = false

  validation {
    condition     = length([for name, value in var.schedule : name if value != null && name != "window_hours"]) == 1
    error_message = "schedule has ${length([for name, value in var.schedule : name if value != null && name != "window_hours"])} of rate_days, rate_hours, daily, weekly, monthly and cron. Expected exactly one, such as { rate_days = 30 }."
  }

  validation {
    condition     = try(floor(var.schedule.rate_days) == var.schedule.rate_days && var.schedule.rate_days >= 1 && var.schedule.rate_days <= 999, var.schedule.rate_days == null)
    error_message = "schedule.rate_days is ${coalesce(var.schedule.rate_days, 0)}: expected a whole number from 1 to 999. Secrets Manager rotates at most every four hours and at least every 999 days."
  }

  validation {
    condition     = try(floor(var.schedule.rate_hours) == var.schedule.rate_hours && var.schedule.rate_hours >= 4 && var.schedule.rate_hours <= 23976, var.schedule.rate_hours == null)
    error_message = "schedule.rate_hours is ${coalesce(var.schedule.rate_hours, 0)}: expected a whole number from 4 to 23976. Secrets Manager rotates at most every four hours and at least every 999 days."
  }

  validation {
    condition     = alltrue([for each in [var.schedule.daily, var.schedule.weekly, var.schedule.monthly] : each == null || contains(range(24), try(each.hour, 0))])
    error_message = "schedule.daily, weekly or monthly has the hour ${join(", ", [for each in [var.schedule.daily, var.schedule.weekly, var.schedule.monthly] : try(each.hour, 0) if each != null])}: expected a whole number from 0 to 23."
  }

  validation {
    condition     = var.schedule.weekly == null || try(contains(["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"], var.schedule.weekly.weekday), false)
    error_message = "schedule.weekly.weekday is ${jsonencode(try(var.schedule.weekly.weekday, null))}. Expected SUN, MON, TUE, WED, THU, FRI or SAT."
  }

  validation {
    condition     = var.schedule.monthly == null || can(regex("^([1-9]|[12][0-9]|3[01]|L)$", var.schedule.monthly.day))
    error_message = "schedule.monthly.day is ${jsonencode(try(var.schedule.monthly.day, null))}. Expected 1 to 31, or L, the last one of each month."
  }

  validation {
    condition     = var.schedule.window_hours == null || contains(range(1, 25), coalesce(var.schedule.window_hours, 0))
    error_message = "schedule.window_hours is ${coalesce(var.schedule.window_hours, 0)}: expected a whole number from 1 to 24."
  }

  validation {
    condition = var.schedule.window_hours == null || coalesce(var.schedule.window_hours, 0) <= try(coalesce(
      var.schedule.rate_hours,
      try(24 - coalesce(var.schedule.daily, var.schedule.weekly, var.schedule.monthly).hour, null),
      try(24 - tonumber(regex("^0 (\\d{1,2}) ", var.schedule.cron)[0]), null),
    ), 24)
    error_message = "schedule.window_hours is ${coalesce(var.schedule.window_hours, 0)}: such a window runs into ${var.schedule.rate_hours == null ? "the next UTC day" : "the next window"}. Expected at most ${try(coalesce(var.schedule.rate_hours, try(24 - coalesce(var.schedule.daily, var.schedule.weekly, var.schedule.monthly).hour, null), try(24 - tonumber(regex("^0 (\\d{1,2}) ", var.schedule.cron)[0]), null)), 24)}${var.schedule.rate_hours == null ? ", or an earlier hour" : ""}."
  }

  validation {
    condition     = var.schedule.cron == null || can(regex(lookup(local.schedule_forms, "cron"), var.schedule.cron))
    error_message = "schedule.cron is ${jsonencode(var.schedule.cron)}${startswith(coalesce(var.schedule.cron, "-"), "cron(") ? ": leave out cron( and ). Expected the six fields alone" : can(regex("^[^0 ]\\S*( \\S+){5}$", var.schedule.cron)) ? ", whose minutes are ${split(" ", var.schedule.cron)[0]}. Windows open on the hour: expected 0 as minutes" : ", which is no cron expression of Secrets Manager: expected six fields with one space between them, 0 hours day-of-month month day-of-week *, with ? in exactly one of the two day fields"}, such as 0 8 ? * MON-FRI *."
  }
}

variable "refresh_every_minutes" {
  description = "Lets EventBridge Scheduler rotate the secret every so many minutes, 15 to 240: for tokens that live an hour, say. `schedule` is then the net that catches what the scheduler misses: `{ rate_hours = 4 }`."
  type        = number
  default     = null

  validation {
    condition     = var.refresh_every_minutes == null || contains(range(15, 241), coalesce(var.refresh_every_minutes, 0))
    error_message = "refresh_every_minutes is ${coalesce(var.refresh_every_minutes, 0)}. Expected 15 to 240: Secrets Manager keeps about a hundred versions of a day, and rotates every four hours by itself."
  }
}

variable "refresh_kms_key_arn" {
  description = "The customer key that encrypts the schedule of `refresh_every_minutes`. Default: EventBridge Scheduler's own."
  type        = string
  default     = null
}

locals {
  chosen_hour = one([for each in [var.schedule.daily, var.schedule.weekly, var.schedule.monthly] : each.hour if each != null])
  cron = (
    var.schedule.daily != null ? "0 ${local.chosen_hour} * * ? *" :
    var.schedule.weekly != null ? "0 ${local.chosen_hour} ? * ${try(var.schedule.weekly.weekday, "")} *" :
    var.schedule.monthly != null ? "0 ${local.chosen_hour} ${try(var.schedule.monthly.day, "")} * ? *" :
    var.schedule.cron
  )
  schedule_expression = (
    var.schedule.rate_days != null ? "rate(${var.schedule.rate_days} ${var.schedule.rate_days == 1 ? "day" : "days"})" :
    var.schedule.rate_hours != null ? "rate(${var.schedule.rate_hours} hours)" :
    "cron(${coalesce(local.cron, "-")})"
  )
  duration = var.schedule.window_hours == null ? null : "${var.schedule.window_hours}h"

  # ─ how long a value is current: the interval and the window, where no calendar has to be asked
  interval_hours = try(coalesce(
    var.schedule.rate_hours,
    try(var.schedule.rate_days * 24, null),
    var.schedule.daily == null ? null : 24,
    var.schedule.weekly == null ? null : 7 * 24,
    # Months without a 29th, 30th or 31st are skipped.
    var.schedule.monthly == null ? null : lookup({ "29" = 59, "30" = 60, "31" = 61 }, try(var.schedule.monthly.day, ""), 31) * 24,
  ), null)
  window_hours     = coalesce(var.schedule.window_hours, var.schedule.rate_hours == null ? 24 - coalesce(local.chosen_hour, 0) : 1)
  interval_seconds = try(coalesce(try(var.refresh_every_minutes * 60, null), try(local.interval_hours * 3600, null)), null)
  window_seconds   = var.refresh_every_minutes == null ? local.window_hours * 3600 : 0

  # Of a raw cron, the function judges it.
  token_lifetime_seconds      = lookup(local.rotation, "token_lifetime_seconds", null)
  token_outlives_its_schedule = try(local.token_lifetime_seconds >= local.interval_seconds + local.window_seconds + 1200, true)
  token_is_too_short          = try("The token lives ${local.token_lifetime_seconds} seconds, less than the ${local.interval_seconds + local.window_seconds + 1200} from one rotation to the next: interval ${local.interval_seconds} + window ${local.window_seconds} + reader cache 300 + slack 900. Rotate it more often, by a smaller rate_hours, window_hours or refresh_every_minutes; or ask the issuer for a life of ${local.interval_seconds + local.window_seconds + 1200} seconds or more.", "The token would not outlive its schedule.")

  # ─ the form of a cron. Terraform shows what a condition refers to, and of an object only that it is one.
  hours         = "((1?[0-9]|2[0-3])|(1?[0-9]|2[0-3])?/(1?[1-9]|10|2[0-3]))"
  months        = "([1-9]|1[0-2]|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)"
  weekdays      = "([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)"
  days          = "([1-9]|[12][0-9]|3[01])"
  day_list      = "(\\*|${local.days}(-${local.days})?)(/${local.days})?(,(\\*|${local.days}(-${local.days})?)(/${local.days})?)*"
  month_list    = "(\\*|${local.months}(-${local.months})?)(/([1-9]|1[0-2]))?(,(\\*|${local.months}(-${local.months})?)(/([1-9]|1[0-2]))?)*"
  weekday_list  = "(\\*|${local.weekdays}(-${local.weekdays})?)(/[1-7])?(,(\\*|${local.weekdays}(-${local.weekdays})?)(/[1-7])?)*"
  days_of_week  = "(L|${local.weekdays}(L|#[1-5])|${local.weekday_list})"
  days_of_month = "(L|${local.day_list})"
  schedule_forms = {
    cron = "^0 ${local.hours} (\\? ${local.month_list} ${local.days_of_week}|${local.days_of_month} ${local.month_list} \\?) \\*$"
  }
}
