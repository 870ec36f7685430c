import { fileURLToPath } from 'node:url';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { describeStrategy, type StrategyUnderTest } from '../../../../testing/index.ts';
import { StrategyLab } from '../../../../testing/strategy-lab.ts';
import { jsonServer } from './json-server.ts';
import { UserDatabase } from './user-database.ts';

const { serve, close } = await jsonServer();
afterAll(close);
const privileges = ['SELECT', 'INSERT'];

const singleUser: StrategyUnderTest = {
  entry: fileURLToPath(new URL('strategies/single-user.ts', import.meta.url)),
  publicFields: ['url', 'username'],
  promise: 'window',
  canRefuse: true,
  pairs: 10,
  target: async (statement) => target(new UserDatabase(statement)),
};

function target(database: UserDatabase) {
  const login = { username: 'app', password: 'the first password' };
  database.users.set('app', { password: login.password, privileges });
  const url = serve((request) => database.answer(request));
  return {
    secretString: JSON.stringify({ url, ...login }),
    accepts: async (secretString: string) => database.serves(JSON.parse(secretString), privileges),
    list: () => [...database.users.keys()],
    revoke: (secretString: string) => database.revoke(JSON.parse(secretString)),
    refused: () => database.refusedLogins,
    state: () => database.users,
    refuseNext: () => database.refuseNext(),
  };
}

describeStrategy('single user', singleUser);

it('changes the password back if the new one does not work although it was taken', async () => {
  const databases: UserDatabase[] = [];
  const lab = await StrategyLab.open({
    ...singleUser,
    async target(statement) {
      const database = new UserDatabase(statement);
      database.keptCharacters = 20;
      databases.push(database);
      return target(database);
    },
  });
  onTestFinished(() => lab.close());
  const trial = await lab.trial();
  const { failure } = await trial.rotate();
  expect(failure?.errorMessage).toMatch(/answered with 401/);
  expect(databases.map(({ users }) => users.get('app')?.password)).toEqual(['the first password']);
});
