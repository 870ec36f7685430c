import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import type { Schedule } from './schedule.ts';

/** @throws ResourceNotFoundException */
export function existingSchedule(name: string, account: Account): Schedule {
  const schedule = account.schedules.find(name);
  if (schedule) return schedule;
  throw new AwsError('ResourceNotFoundException', `Schedule ${name} does not exist.`, 404);
}
