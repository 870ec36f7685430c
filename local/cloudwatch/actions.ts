import type { Action } from '../action.ts';
import { deleteAlarms, describeAlarms, putMetricAlarm } from './alarms.ts';

/** Every action of the API that works here, by AWS's name for it. */
export const actions: ReadonlyMap<string, Action<never, unknown>> = new Map<string, Action<never, unknown>>([
  ['DeleteAlarms', deleteAlarms],
  ['DescribeAlarms', describeAlarms],
  ['PutMetricAlarm', putMetricAlarm],
]);
