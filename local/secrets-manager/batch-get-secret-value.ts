import * as v from 'valibot';
import { AwsError } from '../aws-error.ts';
import { action } from './action.ts';
import { SecretId } from './fields.ts';
import { getSecretValue } from './get-secret-value.ts';

/**
 * Reads the current versions of several secrets. An error with one of them is reported next to the values of the others.
 * Filters are not supported here.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_BatchGetSecretValue.html
 */
export const batchGetSecretValue = action(
  v.strictObject({ SecretIdList: v.pipe(v.array(SecretId), v.minLength(1), v.maxLength(20)) }),
  ({ SecretIdList }, account) => {
    const read = SecretIdList.map((SecretId) => {
      try {
        return { value: getSecretValue({ SecretId }, account) };
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        return { error: { SecretId, ErrorCode: error.code, Message: error.message } };
      }
    });
    return {
      SecretValues: read.flatMap(({ value }) => value ?? []),
      Errors: read.flatMap(({ error }) => error ?? []),
    };
  },
);
