import { actionOf } from '../action.ts';

/** An action of KMS. */
export const action = actionOf({ name: 'KMS', invalidInput: 'ValidationException' });
