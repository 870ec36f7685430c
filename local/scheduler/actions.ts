import type { Action } from '../action.ts';
import { createSchedule, deleteSchedule, getSchedule, updateSchedule } from './schedules.ts';

/** Every action of the API that works here, by AWS's name for it. */
export const actions: ReadonlyMap<string, Action<never, unknown>> = new Map<string, Action<never, unknown>>([
  ['CreateSchedule', createSchedule],
  ['DeleteSchedule', deleteSchedule],
  ['GetSchedule', getSchedule],
  ['UpdateSchedule', updateSchedule],
]);
