import { actionOf } from '../action.ts';

/** An action of IAM. */
export const action = actionOf({ name: 'IAM', invalidInput: 'ValidationError' });
