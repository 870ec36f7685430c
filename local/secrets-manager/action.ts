import { actionOf } from '../action.ts';

/** An action of Secrets Manager. */
export const action = actionOf({ name: 'Secrets Manager', invalidInput: 'ValidationException' });
