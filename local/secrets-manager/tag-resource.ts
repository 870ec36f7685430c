import * as v from 'valibot';
import { action } from './action.ts';
import { writableSecret } from './existing-secret.ts';
import { SecretId, Tags } from './fields.ts';
import { refuseTags } from './refuse-tags.ts';

/**
 * Adds tags to a secret. A tag with the same key is replaced.
 *
 * @throws InvalidParameterException a tag is AWS's own.
 * @throws LimitExceededException it would have more than 50 tags.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_TagResource.html
 */
export const tagResource = action(v.strictObject({ SecretId, Tags }), ({ SecretId, Tags }, account): void => {
  const secret = writableSecret(SecretId, account);
  refuseTags(Tags, secret.tags ?? new Map());
  const added = Tags.map(({ Key, Value }): [string, string] => [Key, Value]);
  secret.tags = new Map([...(secret.tags ?? []), ...added]);
});
