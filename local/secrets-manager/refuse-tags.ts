import { AwsError } from '../aws-error.ts';

const MOST_TAGS = 50;

/**
 * Refuses tags that AWS does not let a secret have.
 *
 * @param before the tags that the secret already has
 * @throws InvalidParameterException a key occurs twice, or is AWS's own.
 * @throws LimitExceededException the secret would have more than 50 tags.
 */
export function refuseTags(added: readonly { readonly Key: string }[], before: ReadonlyMap<string, string>): void {
  const keys = added.map(({ Key }) => Key);
  refuseSystemTags(keys);
  if (new Set(keys).size < keys.length) {
    throw new AwsError('InvalidParameterException', 'A tag key occurs twice in the request. Tag keys must be unique.');
  }
  if (new Set([...before.keys(), ...keys]).size <= MOST_TAGS) return;
  throw new AwsError(
    'LimitExceededException',
    `The request failed because it would exceed the quota of ${MOST_TAGS} tags on a secret.`,
  );
}

/** @throws InvalidParameterException a key is AWS's own. */
export function refuseSystemTags(keys: readonly string[]): void {
  const system = keys.find((key) => /^aws:/i.test(key));
  if (system === undefined) return;
  throw new AwsError('InvalidParameterException', `You can't modify system tags. Tag key: '${system}'.`);
}
