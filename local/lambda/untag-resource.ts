import * as v from 'valibot';
import { action } from './action.ts';
import { existingFunction } from './existing-function.ts';
import { FunctionName } from './fields.ts';

/**
 * Removes the tags of these keys from a function.
 *
 * @throws ResourceNotFoundException no such function.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_UntagResource.html
 */
export const untagResource = action(
  // In the query, where one key is a text and several are a list.
  v.strictObject({ Resource: FunctionName, tagKeys: v.union([v.string(), v.array(v.string())]) }),
  ({ Resource, tagKeys }, account): void => {
    const { tags } = existingFunction(Resource, account);
    for (const key of [tagKeys].flat()) tags.delete(key);
  },
);
