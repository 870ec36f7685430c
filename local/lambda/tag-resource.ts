import * as v from 'valibot';
import { action } from './action.ts';
import { existingFunction } from './existing-function.ts';
import { FunctionName, Tags } from './fields.ts';

/**
 * Adds tags to a function, and replaces those of the same keys.
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
