import { actionOf } from '../action.ts';

/** An action of CloudWatch. */
export const action = actionOf({ name: 'CloudWatch', invalidInput: 'ValidationError' });
