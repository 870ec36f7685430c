import { actionOf } from '../action.ts';

/** An action of EventBridge Scheduler. */
export const action = actionOf({ name: 'EventBridge Scheduler', invalidInput: 'ValidationException' });
