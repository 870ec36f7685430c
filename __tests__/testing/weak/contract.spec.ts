import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { describeStrategy } from '../../../testing/index.ts';
import { jsonServer } from '../../lambda/rotation/contract/json-server.ts';
import { ADMIN, UserDatabase } from '../../lambda/rotation/contract/user-database.ts';

const { HANDLER = 'single-user', TARGET = 'single' } = process.env;
const { serve, close } = await jsonServer();
afterAll(close);
const privileges = ['SELECT', 'INSERT'];

describeStrategy(HANDLER, {
  entry: fileURLToPath(new URL(`${HANDLER}.ts`, import.meta.url)),
  environment: { ADMIN_SECRET: 'admin' },
  secrets: { admin: JSON.stringify(ADMIN) },
  publicFields: ['url', 'username'],
  promise: TARGET === 'single' ? 'window' : 'overlap',
  pairs: 3,
  async target(statement) {
    const database = new UserDatabase(statement);
    const password = 'the first password';
    database.users.set('app', { password, privileges });
    const url = serve((request) => database.answer(request));
    return {
      secretString: JSON.stringify({ url, username: 'app', password }),
      accepts: async (secretString) => database.serves(JSON.parse(secretString), privileges),
      state: () => database.users,
    };
  },
});
