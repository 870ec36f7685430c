import * as v from 'valibot';
import { action } from './action.ts';
import { existingSchedule } from './existing-schedule.ts';
import { ClientToken, GroupName, Name } from './fields.ts';

/**
 * @throws ResourceNotFoundException
 * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_DeleteSchedule.html
 */
export const deleteSchedule = action(
  v.strictObject({ Name, groupName: GroupName, clientToken: ClientToken }),
  ({ Name }, account) => account.schedules.remove(existingSchedule(Name, account)),
);
