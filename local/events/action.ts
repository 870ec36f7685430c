import { actionOf } from '../action.ts';

/** An action of EventBridge. */
export const action = actionOf({ name: 'EventBridge', invalidInput: 'ValidationException' });
