import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { describeStrategy } from '../../../../testing/index.ts';
import { foreignDatabases } from './foreign-databases.ts';
import { jsonServer } from './json-server.ts';
import { ADMIN, UserDatabase } from './user-database.ts';

const { origin, serve, close } = await jsonServer();
const databases = new Map<string, UserDatabase>();
afterAll(close);
const privileges = ['SELECT', 'INSERT', 'UPDATE'];

describeStrategy('alternating users', {
  entry: fileURLToPath(new URL('strategies/alternating-users.ts', import.meta.url)),
  environment: { ADMIN_SECRET: 'admin', ORIGIN: origin, USERS: 'app,app_clone' },
  secrets: { admin: JSON.stringify(ADMIN) },
  publicFields: ['url', 'username'],
  promise: 'overlap',
  canRefuse: true,
  pairs: 10,
  foreign: (secretString) => foreignDatabases(secretString, databases),
  async target(statement) {
    const database = new UserDatabase(statement);
    const login = { username: 'app', password: 'the first password' };
    database.users.set('app', { password: login.password, privileges });
    // Left from other days, with too few privileges and too many.
    database.users.set('app_clone', { privileges: ['SELECT', 'DROP'] });
    const url = serve((request) => database.answer(request));
    database.users.set('billing', { password: 'the password of billing', privileges });
    databases.set(url, database);
    return {
      secretString: JSON.stringify({ url, ...login }),
      accepts: async (secretString) => database.serves(JSON.parse(secretString), privileges),
      list: () => [...database.users.keys()],
      revoke: (secretString) => database.revoke(JSON.parse(secretString)),
      refused: () => database.refusedLogins,
      state: () => database.users,
      refuseNext: () => database.refuseNext(),
    };
  },
});
