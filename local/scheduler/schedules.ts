import * as v from 'valibot';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { action } from './action.ts';
import { ClientToken, checkedSettings, GroupName, Name, SETTINGS } from './fields.ts';
import { Schedule } from './schedule.ts';

/**
 * Creates a schedule that calls an action of AWS at a fixed rate, as a role.
 *
 * @throws ConflictException the name is taken.
 * @throws ValidationException `checkedSettings` refuses the settings.
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

/**
 * @throws ResourceNotFoundException
 * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_GetSchedule.html
 */
export const getSchedule = action(v.strictObject({ Name, groupName: GroupName }), ({ Name, groupName }, account) => {
  const schedule = existingSchedule(Name, account);
  const { everySeconds: _, ...settings } = schedule.settings;
  return { ...settings, Name, GroupName: groupName, Arn: schedule.arn, CreationDate: schedule.createdDate };
});

/**
 * Replaces all settings of a schedule.
 *
 * @throws ResourceNotFoundException no such schedule.
 * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_UpdateSchedule.html
 */
export const updateSchedule = action(
  v.strictObject({ ...SETTINGS, Name, GroupName, ClientToken }),
  ({ Name, GroupName: _group, ClientToken: _token, ...settings }, account) => {
    const schedule = existingSchedule(Name, account);
    schedule.change(checkedSettings(settings, account));
    return { ScheduleArn: schedule.arn };
  },
);

/**
 * @throws ResourceNotFoundException
 * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_DeleteSchedule.html
 */
export const deleteSchedule = action(
  v.strictObject({ Name, groupName: GroupName, clientToken: ClientToken }),
  ({ Name }, account) => account.schedules.remove(existingSchedule(Name, account)),
);

/** @throws ResourceNotFoundException */
function existingSchedule(name: string, account: Account): Schedule {
  const schedule = account.schedules.find(name);
  if (schedule) return schedule;
  throw new AwsError('ResourceNotFoundException', `Schedule ${name} does not exist.`, 404);
}
