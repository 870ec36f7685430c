import type { Account } from '../account.ts';
import { placeOf } from '../place.ts';
import { textFields } from '../text-fields.ts';

/** The account that has the secret that a request names: another one if it names an ARN of that account. */
export function ownerOf(input: unknown, account: Account): Account {
  const { SecretId = '' } = textFields(input);
  const { id, region } = placeOf(SecretId) ?? {};
  // By the ARN of another region, a secret is not found.
  return id === undefined || id === account.id || region !== account.region ? account : account.at({ id });
}
