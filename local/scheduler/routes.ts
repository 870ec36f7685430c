import type { Route } from '../wire/rest-protocol.ts';

const SCHEDULE = '/schedules/{Name}';

/** @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Operations.html */
export const routes: readonly Route[] = [
  { action: 'CreateSchedule', method: 'POST', path: SCHEDULE },
  { action: 'DeleteSchedule', method: 'DELETE', path: SCHEDULE },
  { action: 'GetSchedule', method: 'GET', path: SCHEDULE },
  { action: 'UpdateSchedule', method: 'PUT', path: SCHEDULE },
];
