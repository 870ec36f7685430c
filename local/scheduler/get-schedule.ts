import * as v from 'valibot';
import { action } from './action.ts';
import { existingSchedule } from './existing-schedule.ts';
import { GroupName, Name } from './fields.ts';

/**
 * @throws ResourceNotFoundException
 * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_GetSchedule.html
 */
export const getSchedule = action(v.strictObject({ Name, groupName: GroupName }), ({ Name, groupName }, account) => {
  const schedule = existingSchedule(Name, account);
  const { everySeconds: _, ...settings } = schedule.settings;
  return { ...settings, Name, GroupName: groupName, Arn: schedule.arn, CreationDate: schedule.createdDate };
});
