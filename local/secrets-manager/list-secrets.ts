import * as v from 'valibot';
import { action } from './action.ts';
import { descriptionOf, labelledVersions } from './description-of.ts';
import { PAGE, page } from './page.ts';
import type { Secret } from './secret.ts';

const KEYS = ['name', 'description', 'tag-key', 'tag-value', 'all'] as const;
type Key = (typeof KEYS)[number];

const Filter = v.strictObject({
  Key: v.picklist(KEYS),
  Values: v.pipe(v.array(v.pipe(v.string(), v.minLength(1))), v.minLength(1), v.maxLength(10)),
});

/**
 * Lists secrets page by page. Those marked for deletion are listed only on request. A filter matches if one of its values is a
 * prefix of what it looks at; `!` before a value negates it.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecrets.html
 */
export const listSecrets = action(
  v.strictObject({
    Filters: v.optional(v.pipe(v.array(Filter), v.maxLength(10)), []),
    IncludePlannedDeletion: v.optional(v.boolean()),
    SortOrder: v.optional(v.picklist(['asc', 'desc']), 'desc'),
    ...PAGE,
  }),
  ({ Filters, IncludePlannedDeletion, SortOrder, ...input }, account) => {
    const listed = account.secrets
      .all()
      .filter((secret) => IncludePlannedDeletion || !secret.deletion)
      .filter((secret) => Filters.every(({ Key, Values }) => Values.some((value) => matches(secret, Key, value))));
    if (SortOrder === 'desc') listed.reverse();
    const { items, ...rest } = page(listed, input);
    return {
      SecretList: items.map((secret) => ({
        ...descriptionOf(secret),
        SecretVersionsToStages: labelledVersions(secret),
      })),
      ...rest,
    };
  },
);

function matches(secret: Secret, key: Key, value: string): boolean {
  if (value.startsWith('!')) return !matches(secret, key, value.slice(1));
  if (key === 'all') return KEYS.some((other) => other !== 'all' && matches(secret, other, value));
  // Only names and tags are case-sensitive.
  if (key === 'description') return Boolean(secret.description?.toLowerCase().startsWith(value.toLowerCase()));
  const texts = { name: [secret.name], 'tag-key': secret.tags?.keys() ?? [], 'tag-value': secret.tags?.values() ?? [] };
  return [...texts[key]].some((text) => text.startsWith(value));
}
