import * as v from 'valibot';
import { action } from './action.ts';
import { FunctionName, Tags } from './fields.ts';
import { existingFunction } from './functions.ts';

/**
 * Adds tags to a function. A tag with the same key is replaced.
 *
 * @throws ResourceNotFoundException no such function.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_TagResource.html
 */
export const tagResource = action(
  v.strictObject({ Resource: FunctionName, Tags }),
  ({ Resource, Tags }, account): void => {
    const { tags } = existingFunction(Resource, account);
    for (const [key, value] of Object.entries(Tags)) tags.set(key, value);
  },
);

/**
 * A function's tags.
 *
 * @throws ResourceNotFoundException no such function.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_ListTags.html
 */
export const listTags = action(v.strictObject({ Resource: FunctionName }), ({ Resource }, account) => ({
  Tags: Object.fromEntries(existingFunction(Resource, account).tags),
}));

/**
 * Removes the tags with these keys from a function.
 *
 * @throws ResourceNotFoundException no such function.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_UntagResource.html
 */
export const untagResource = action(
  // In the query, one key is a string and several are a list.
  v.strictObject({ Resource: FunctionName, tagKeys: v.union([v.string(), v.array(v.string())]) }),
  ({ Resource, tagKeys }, account): void => {
    const { tags } = existingFunction(Resource, account);
    for (const key of [tagKeys].flat()) tags.delete(key);
  },
);
