import { actionOf } from '../action.ts';

/** An action of STS. */
export const action = actionOf({ name: 'STS', invalidInput: 'ValidationError' });
