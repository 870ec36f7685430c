import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { describeStrategy } from '../../../testing/index.ts';
import { foreignDatabases } from '../../lambda/rotation/contract/foreign-databases.ts';
import { jsonServer } from '../../lambda/rotation/contract/json-server.ts';
import { ADMIN, UserDatabase } from '../../lambda/rotation/contract/user-database.ts';

interface Suite {
  readonly handler: string;
  readonly target: 'single' | 'alternating';
}

const suites: readonly Suite[] = JSON.parse(process.env.SUITES ?? '[{"handler":"single-user","target":"single"}]');
const { origin, serve, close } = await jsonServer();
afterAll(close);
const databases = new Map<string, UserDatabase>();
const privileges = ['SELECT', 'INSERT'];

for (const { handler, target } of suites) {
  describeStrategy(handler, {
    entry: fileURLToPath(new URL(`${handler}.ts`, import.meta.url)),
    environment: { ADMIN_SECRET: 'admin', ORIGIN: origin, USERS: 'app,app_clone' },
    secrets: { admin: JSON.stringify(ADMIN) },
    publicFields: ['url', 'username'],
    promise: target === 'single' ? 'window' : 'overlap',
    pairs: 3,
    foreign: (secretString) => foreignDatabases(secretString, databases),
    async target(statement) {
      const database = new UserDatabase(statement);
      database.users.set('billing', { password: 'the password of billing', privileges });
      const password = 'the first password';
      database.users.set('app', { password, privileges });
      const url = serve((request) => database.answer(request));
      databases.set(url, database);
      return {
        secretString: JSON.stringify({ url, username: 'app', password }),
        list: () => [...database.users.keys()],
        revoke: (secretString) => database.revoke(JSON.parse(secretString)),
        accepts: async (secretString) => database.serves(JSON.parse(secretString), privileges),
        state: () => database.users,
      };
    },
  });
}
