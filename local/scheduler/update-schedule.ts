import * as v from 'valibot';
import { action } from './action.ts';
import { existingSchedule } from './existing-schedule.ts';
import { ClientToken, checkedSettings, GroupName, Name, SETTINGS } from './fields.ts';

/**
 * Replaces all that was said of a schedule.
 *
 * @throws ResourceNotFoundException, and ValidationException for what `checkedSettings` refuses.
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
