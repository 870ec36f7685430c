import { actionOf } from '../action.ts';

/** An action of SQS. */
export const action = actionOf({ name: 'SQS', invalidInput: 'InvalidParameterValue' });
