import type { MysqlEnvironment } from '../../rules/mysql-rotation.ts';
import { type DatabaseSecret, PUBLIC_FIELDS } from '../databases/database-secret.ts';
import { namesOfSecret } from '../databases/declared-users.ts';
import { ownDatabase } from '../databases/own-database.ts';
import { checkSameDatabase } from '../databases/same-database.ts';
import { nextTurn, turnedLogin } from '../databases/turn.ts';
import type { RotationStrategy } from '../rotation/index.ts';
import { nameOf } from './account.ts';
import { changeOfPassword } from './change-of-password.ts';
import { checkAdministrator, checkMayGrant } from './check-administrator.ts';
import { checkAdministratorsLogin } from './check-logins.ts';
import { checkedUsers } from './equal-users/checked-users.ts';
import { equalUsers } from './equal-users/equal-users.ts';
import { privilegesOf } from './equal-users/privileges.ts';
import { administratorsSession } from './mysql-administrator.ts';
import { MYSQL, mysqlSecrets } from './mysql-engine.ts';
import { prove } from './prove.ts';
import { refuseReplica } from './refuse-replica.ts';
import { lockedServer } from './server.ts';

type Stored = DatabaseSecret<string | undefined>;

/**
 * Two users with the same privileges take turns: the one that applications use stays as it is, the other gets a new password once it is
 * proved equal. Each statement is whole in itself, and none is about the user in use: whatever a crash leaves, a retry goes on with.
 */
export function alternatingUsers(options: MysqlEnvironment): RotationStrategy<Stored, DatabaseSecret> {
  const { users, userHost: host, secretNamePrefix } = options;
  const names = { secretNamePrefix, names: users.map((user) => ['users', user] as const) };

  function turnOf(secret: Stored, secretId: string) {
    const [first = '', second = ''] = namesOfSecret(names, secretId, MYSQL);
    return { ...nextTurn(secret, [first, second]), first };
  }

  return {
    publicFields: PUBLIC_FIELDS,
    current: mysqlSecrets.withoutPassword,
    pending: mysqlSecrets.rotated,

    async create(current, { secretId }) {
      return turnedLogin(current, (stored) => turnOf(stored, secretId), options);
    },

    async set({ current, pending }, context) {
      const turn = turnOf(current, context.secretId);
      checkSameDatabase(current, pending, turn.pending);
      ownDatabase(pending, options); // Refused here, before the administrator logs in.
      const session = await administratorsSession(current, [turn.current, turn.pending], options, context);
      try {
        const server = await lockedServer(session, turn.first, context);
        await refuseReplica(session, server);
        const model = await equalUsers(session, server, { ...turn, host }, context);
        const wanted = { password: pending.password, versionId: context.versionId, live: undefined, isDual: false };
        const { change, after } = changeOfPassword({ ...model, user: turn.pending }, wanted, server);
        const run = (sql: string) => session.run(sql, `ALTER USER ${turn.pending}`);
        if (change !== undefined) await run(`${change} ACCOUNT UNLOCK`);
        if (after !== undefined) await run(after);
      } finally {
        await session.close();
      }
    },

    async test(pending, context) {
      turnOf(pending, context.secretId);
      await prove(pending, options, context);
    },

    async check(current, context) {
      const { look, newValue } = context;
      const next = await look('A new value', newValue);
      if (current === undefined || next === undefined) return;
      const turn = turnOf(current, context.secretId);
      const both = [turn.current, turn.pending];
      await checkAdministratorsLogin(current, both, options, context, async (session, server) => {
        await look('What the administrator may do', () => checkAdministrator(session, server));
        await look('The privileges of both users', async () => {
          const { model, found } = await checkedUsers(session, server, { ...turn, host });
          const [wanted = []] = await privilegesOf(session, server, { users: [model.user], host });
          const [own = []] = found ? await privilegesOf(session, server, { users: [found.user], host }) : [];
          const { account } = server;
          const [held = []] = await privilegesOf(session, server, { users: [account.user], host: account.host });
          checkMayGrant(wanted, own, { name: nameOf(account), held });
        });
      });
    },
  };
}
