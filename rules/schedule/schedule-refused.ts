/** A schedule that Secrets Manager would refuse. The message says what was found, what is expected and what to write. */
export class ScheduleRefused extends RangeError {
  override readonly name = 'ScheduleRefused';
}
