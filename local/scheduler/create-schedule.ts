import * as v from 'valibot';
import { AwsError } from '../aws-error.ts';
import { action } from './action.ts';
import { ClientToken, checkedSettings, GroupName, Name, SETTINGS } from './fields.ts';
import { Schedule } from './schedule.ts';

/**
 * Calls an action of AWS again and again, as a role.
 *
 * @throws ConflictException the name is taken.
 * @throws ValidationException what `checkedSettings` refuses.
 * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
 */
export const createSchedule = action(
  v.strictObject({ ...SETTINGS, Name, GroupName, ClientToken }),
  ({ Name, GroupName: _group, ClientToken: _token, ...settings }, account) => {
    if (account.schedules.find(Name)) throw new AwsError('ConflictException', `Schedule ${Name} already exists.`, 409);
    const schedule = new Schedule(Name, checkedSettings(settings, account), account);
    account.schedules.add(schedule);
    return { ScheduleArn: schedule.arn };
  },
);
