import { actionOf } from '../action.ts';

/** An action of CloudWatch Logs. */
export const action = actionOf({ name: 'CloudWatch Logs', invalidInput: 'InvalidParameterException' });
