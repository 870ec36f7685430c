import * as v from 'valibot';
import { AwsError } from '../aws-error.ts';
import type { Secret } from './secret.ts';
import { wordsOf } from './words-of.ts';

const KEYS = ['description', 'name', 'tag-key', 'tag-value', 'primary-region', 'owning-service', 'all'] as const;
type Key = (typeof KEYS)[number];

/** Which secrets are wanted, in ListSecrets and BatchGetSecretValue. */
export const Filters = v.pipe(
  v.array(
    v.strictObject({
      Key: v.optional(v.picklist(KEYS)),
      Values: v.optional(
        v.pipe(
          v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(512), v.regex(/^!?[a-zA-Z0-9 :_@/+=.!-]*$/))),
          v.maxLength(10),
        ),
      ),
    }),
  ),
  v.maxLength(10),
);

/**
 * Whether a secret is among those that every filter wants. One of a filter's values is enough; `!` before a value negates it.
 *
 * @throws InvalidParameterException a filter has no key, or no values.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Filter.html
 */
export function wantedBy(filters: v.InferOutput<typeof Filters>): (secret: Secret) => boolean {
  const complete = filters.map(({ Key, Values = [] }) => {
    if (Key === undefined) throw new AwsError('InvalidParameterException', 'Invalid filter key');
    if (Values.length === 0) throw new AwsError('InvalidParameterException', `Invalid filter values for key: ${Key}`);
    return { Key, Values };
  });
  return (secret) => complete.every(({ Key, Values }) => Values.some((value) => isMatch(secret, Key, value)));
}

function isMatch(secret: Secret, key: Key, value: string): boolean {
  if (value.startsWith('!')) return !isMatch(secret, key, value.slice(1));
  const texts = textsOf(secret, key);
  if (key === 'all' || key === 'description' || key === 'owning-service')
    return texts.some((text) => hasWords(text, value));
  if (key === 'primary-region') return texts.some((text) => text.toLowerCase().startsWith(value.toLowerCase()));
  return texts.some((text) => text.startsWith(value));
}

/** What a filter looks at. No service owns a secret here. */
function textsOf({ name, description = '', tags = new Map(), primaryRegion }: Secret, key: Key): readonly string[] {
  const texts: Readonly<Record<Key, readonly string[]>> = {
    name: [name],
    description: [description],
    'tag-key': [...tags.keys()],
    'tag-value': [...tags.values()],
    'primary-region': primaryRegion === undefined ? [] : [primaryRegion],
    'owning-service': [],
    all: [name, description, ...tags.keys(), ...tags.values()],
  };
  return texts[key];
}

/** Whether each of the words wanted is how a word of the text begins, whatever their case and order. */
function hasWords(text: string, wanted: string): boolean {
  const words = wordsOf(text).map((word) => word.toLowerCase());
  const sought = wordsOf(wanted).map((word) => word.toLowerCase());
  return sought.length > 0 && sought.every((each) => words.some((word) => word.startsWith(each)));
}
