import * as v from 'valibot';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import type { Requester } from '../permissions/role-session.ts';
import { action } from './action.ts';
import { SecretId } from './fields.ts';
import { getSecretValue } from './get-secret-value.ts';
import { judgeCall } from './judge-call.ts';
import { ownerOf } from './owner-of.ts';
import { page } from './page.ts';
import { Filters, wantedBy } from './secret-filters.ts';

const MOST_SECRETS = 20;

/**
 * Reads the current versions of several secrets, by a list or by filters. An error with one of them is reported next to the values of
 * the others: the caller needs the permission to read each of them, and with filters the one to list secrets.
 *
 * @throws AccessDeniedException there are filters, and the caller may not list secrets.
 * @throws InvalidParameterException there is neither a list nor a filter, or both.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_BatchGetSecretValue.html
 */
export const batchGetSecretValue = action(
  v.strictObject({
    SecretIdList: v.optional(v.pipe(v.array(SecretId), v.minLength(1), v.maxLength(MOST_SECRETS))),
    Filters: v.optional(v.pipe(Filters, v.minLength(1))),
    MaxResults: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_SECRETS))),
    NextToken: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(4096))),
  }),
  ({ SecretIdList, Filters, MaxResults, NextToken }, account, requester) => {
    if ((SecretIdList === undefined) === (Filters === undefined)) {
      throw new AwsError('InvalidParameterException', 'Either SecretIdList or Filters must be provided, but not both.');
    }
    if (SecretIdList !== undefined && MaxResults !== undefined) {
      throw new AwsError('InvalidParameterException', 'MaxResults can be used with Filters only.');
    }
    if (Filters !== undefined) judgeCall(requester, { action: 'ListSecrets', input: {} }, account);
    const ids = SecretIdList ?? filtered(Filters ?? [], account);
    const { items, ...rest } = page(ids, { MaxResults: MaxResults ?? MOST_SECRETS, NextToken });
    const read = items.map((SecretId) => readOne(SecretId, account, requester));
    return {
      SecretValues: read.flatMap(({ value }) => value ?? []),
      Errors: read.flatMap(({ error }) => error ?? []),
      ...rest,
    };
  },
);

function filtered(filters: v.InferOutput<typeof Filters>, { secrets }: Account): string[] {
  const wanted = secrets
    .all()
    .filter(({ deletion }) => !deletion)
    .filter(wantedBy(filters));
  return wanted.map(({ arn }) => arn);
}

function readOne(SecretId: string, account: Account, requester: Requester) {
  try {
    const input = { SecretId };
    const owner = ownerOf(input, account);
    judgeCall(requester, { action: 'GetSecretValue', input }, owner);
    return { value: getSecretValue(input, owner, requester) };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { error: { SecretId, ErrorCode: error.code, Message: error.message } };
  }
}
