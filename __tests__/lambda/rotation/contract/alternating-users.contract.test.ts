import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { describeStrategy } from '../../../../testing/index.ts';
import { jsonServer } from './json-server.ts';
import { ADMIN, UserDatabase } from './user-database.ts';

const { serve, close } = await jsonServer();
afterAll(close);
const privileges = ['SELECT', 'INSERT', 'UPDATE'];

describeStrategy('alternating users', {
  entry: fileURLToPath(new URL('strategies/alternating-users.ts', import.meta.url)),
  environment: { ADMIN_SECRET: 'admin' },
  secrets: { admin: JSON.stringify(ADMIN) },
  publicFields: ['url', 'username'],
  promise: 'overlap',
  canRefuse: true,
  pairs: 10,
  async target(statement) {
    const database = new UserDatabase(statement);
    const login = { username: 'app', password: 'the first password' };
    database.users.set('app', { password: login.password, privileges });
    // Left from other days, with too few privileges and too many.
    database.users.set('app_clone', { privileges: ['SELECT', 'DROP'] });
    const url = serve((request) => database.answer(request));
    return {
      secretString: JSON.stringify({ url, ...login }),
      accepts: async (secretString) => database.serves(JSON.parse(secretString), privileges),
      refused: () => database.refusedLogins,
      state: () => database.users,
      refuseNext: () => database.refuseNext(),
    };
  },
});
