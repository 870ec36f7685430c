import { onTestFinished } from 'vitest';
import type { ForeignTarget } from '../../../../testing/index.ts';
import { jsonServer } from './json-server.ts';
import type { UserDatabase } from './user-database.ts';

/**
 * What the writer of a secret could store: a server of their own, and a user of somebody else's in the same database.
 * @param databases by their URLs, each with a user `billing` whose password is `the password of billing`
 */
export async function foreignDatabases(
  secretString: string,
  databases: ReadonlyMap<string, UserDatabase>,
): Promise<readonly ForeignTarget[]> {
  const { url, ...document } = JSON.parse(secretString);
  const elsewhere = await jsonServer();
  onTestFinished(elsewhere.close);
  const heard: object[] = [];
  const foreign = elsewhere.serve((request) => {
    heard.push(request);
    return [200, { session: '1', privileges: [] }];
  });
  const billing = databases.get(url)?.users.get('billing');
  return [
    {
      name: 'a foreign endpoint',
      secretString: JSON.stringify({ ...document, url: foreign }),
      heard: () => JSON.stringify(heard),
    },
    {
      name: 'a foreign user',
      secretString: JSON.stringify({ ...document, url, username: 'billing' }),
      isChanged: () => billing?.password !== 'the password of billing',
    },
  ];
}
