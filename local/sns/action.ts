import { actionOf } from '../action.ts';

/** An action of SNS. */
export const action = actionOf({ name: 'SNS', invalidInput: 'InvalidParameter' });
