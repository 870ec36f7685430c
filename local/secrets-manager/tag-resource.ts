import * as v from 'valibot';
import { action } from './action.ts';
import { usableSecret } from './existing-secret.ts';
import { SecretId, Tags } from './fields.ts';

/**
 * Adds tags to a secret. A tag with the same key is replaced.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_TagResource.html
 */
export const tagResource = action(v.strictObject({ SecretId, Tags }), ({ SecretId, Tags }, account): void => {
  const secret = usableSecret(SecretId, account);
  const added = Tags.map(({ Key, Value }): [string, string] => [Key, Value]);
  secret.tags = new Map([...(secret.tags ?? []), ...added]);
});
