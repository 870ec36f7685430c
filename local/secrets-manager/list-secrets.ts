import * as v from 'valibot';
import { action } from './action.ts';
import { descriptionOf, labelledVersions } from './description-of.ts';
import { PAGE, page } from './page.ts';
import type { Secret } from './secret.ts';
import { Filters, wantedBy } from './secret-filters.ts';

const SORTED_BY = {
  'created-date': ({ createdDate }: Secret) => createdDate.getTime(),
  'last-accessed-date': ({ lastAccessedDate }: Secret) => lastAccessedDate?.getTime() ?? 0,
  'last-changed-date': ({ lastChangedDate }: Secret) => lastChangedDate.getTime(),
  name: ({ name }: Secret) => name,
} as const;
type SortedBy = keyof typeof SORTED_BY;

/**
 * Lists secrets page by page, in the order in which they were created unless the request says otherwise. Those marked for deletion are
 * listed only on request.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecrets.html
 */
export const listSecrets = action(
  v.strictObject({
    Filters: v.optional(Filters, []),
    IncludePlannedDeletion: v.optional(v.boolean()),
    SortBy: v.optional(v.picklist(Object.keys(SORTED_BY) as SortedBy[]), 'created-date'),
    SortOrder: v.optional(v.picklist(['asc', 'desc']), 'asc'),
    ...PAGE,
  }),
  ({ Filters, IncludePlannedDeletion, SortBy, SortOrder, ...input }, account) => {
    const listed = account.secrets
      .all()
      .filter((secret) => IncludePlannedDeletion || !secret.deletion)
      .filter(wantedBy(Filters));
    const { items, ...rest } = page(sorted(listed, SortBy, SortOrder === 'desc'), input);
    return {
      SecretList: items.map((secret) => ({
        ...descriptionOf(secret),
        SecretVersionsToStages: labelledVersions(secret),
      })),
      ...rest,
    };
  },
);

function sorted(secrets: readonly Secret[], by: SortedBy, isDescending: boolean): Secret[] {
  const keyOf = SORTED_BY[by];
  const keyed = secrets.map((secret) => ({ secret, key: keyOf(secret) }));
  keyed.sort((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0));
  const ordered = keyed.map(({ secret }) => secret);
  return isDescending ? ordered.reverse() : ordered;
}
