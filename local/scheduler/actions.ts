import type { Action } from '../action.ts';
import { createSchedule } from './create-schedule.ts';
import { deleteSchedule } from './delete-schedule.ts';
import { getSchedule } from './get-schedule.ts';
import { updateSchedule } from './update-schedule.ts';

/** Every action of the API that answers here, by AWS's name for it. */
export const actions: ReadonlyMap<string, Action<never, unknown>> = new Map<string, Action<never, unknown>>([
  ['CreateSchedule', createSchedule],
  ['DeleteSchedule', deleteSchedule],
  ['GetSchedule', getSchedule],
  ['UpdateSchedule', updateSchedule],
]);
