import { actionOf } from '../action.ts';

/** An action of Lambda. */
export const action = actionOf({ name: 'Lambda', invalidInput: 'InvalidParameterValueException' });
