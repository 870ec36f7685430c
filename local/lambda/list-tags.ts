import * as v from 'valibot';
import { action } from './action.ts';
import { existingFunction } from './existing-function.ts';
import { FunctionName } from './fields.ts';

/**
 * A function's tags.
 *
 * @throws ResourceNotFoundException no such function.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_ListTags.html
 */
export const listTags = action(v.strictObject({ Resource: FunctionName }), ({ Resource }, account) => ({
  Tags: Object.fromEntries(existingFunction(Resource, account).tags),
}));
