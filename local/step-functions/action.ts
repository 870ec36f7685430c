import { actionOf } from '../action.ts';

/** An action of Step Functions. */
export const action = actionOf({ name: 'Step Functions', invalidInput: 'ValidationException' });
