import type { PostgresEnvironment } from '../../rules/postgres-rotation.ts';
import { type DatabaseSecret, PUBLIC_FIELDS } from '../databases/database-secret.ts';
import { ownDatabase } from '../databases/own-database.ts';
import { saltOfVersion } from '../databases/salt-of-version.ts';
import { checkSameDatabase } from '../databases/same-database.ts';
import { turnedLogin } from '../databases/turn.ts';
import type { RotationStrategy } from '../rotation/index.ts';
import { againAfterDisturbance } from './again-after-disturbance.ts';
import { asksForScram } from './asks-for-scram.ts';
import { checkAdministratorsLogin } from './check-logins.ts';
import { checkAdministrator } from './check-server.ts';
import { criticalSection } from './critical-section.ts';
import { usersAndOwner } from './equal-users/checked-roles.ts';
import { equalUsers } from './equal-users/equal-users.ts';
import { stepsOf } from './equal-users/steps.ts';
import { postgresAdministrator } from './postgres-administrator.ts';
import { postgresSecrets } from './postgres-engine.ts';
import { PostgresSession } from './postgres-session.ts';
import { turnOf } from './turn-of.ts';

type Stored = DatabaseSecret<string | undefined>;

/**
 * Two users with the same privileges take turns: the one that applications use stays as it is, the other gets a new
 * password, set by an administrator. One transaction, so a crash leaves everything as it was, or all of it done.
 */
export function alternatingUsers(options: PostgresEnvironment): RotationStrategy<Stored, DatabaseSecret> {
  const { allowMd5 } = options;
  return {
    publicFields: PUBLIC_FIELDS,
    current: postgresSecrets.withoutPassword,
    pending: postgresSecrets.rotated,

    async create(current, { secretId }) {
      return turnedLogin(current, (stored) => turnOf(stored, options, secretId), options);
    },

    async set({ current, pending }, context) {
      const { username } = pending;
      const turn = turnOf(current, options, context.secretId);
      checkSameDatabase(current, pending, turn.pending);
      ownDatabase(pending, options); // Refused here, before the administrator logs in.
      const users = [current.username, username];
      const { database, ...login } = await postgresAdministrator(current, users, options, context);
      const session = await PostgresSession.open({ database, login, allowMd5 }, context);
      try {
        const who = { users, expiring: turn.first, asksForScram: () => asksForScram(current, options, context) };
        const section = { ...who, until: 'transaction', allowMd5 } as const;
        const { stored } = await criticalSection(session, section, context);
        const wanted = await stored(username, pending.password, saltOfVersion(context.versionId));
        await againAfterDisturbance(session, context, async (log) => {
          await equalUsers(session, turn, { log });
          await session.setPassword(username, wanted);
        });
        await session.run('COMMIT');
      } finally {
        await session.close(); // What is not committed by then is undone.
      }
    },

    async test(pending, context) {
      turnOf(pending, options, context.secretId);
      const database = ownDatabase(pending, options);
      const session = await PostgresSession.open({ database, login: pending, allowMd5 }, context);
      await session.close();
    },

    async check(current, context) {
      const { look, skip } = context;
      const next = await look('A new value', context.newValue);
      if (current === undefined || next === undefined) return;
      const turn = turnOf(current, options, context.secretId);
      await checkAdministratorsLogin(current, [turn.current, turn.pending], options, context, async (session) => {
        const users = await look('The users and their owner role', () => usersAndOwner(session, turn));
        if (users === undefined) return;
        const { find, missing } = users;
        const changed = [turn.pending].filter((name) => find(name) !== undefined);
        await look('What the administrator may do', () => checkAdministrator(session, changed, missing));
        const steps = (await look('The privileges of both users', () => stepsOf(session, users, turn))) ?? [];
        const settings = [...new Set(steps.flatMap(({ setting }) => setting ?? []))];
        if (settings.length === 0) return;
        skip(
          'Settings of the users',
          `Whether the administrator may set ${settings.join(', ')}, the first rotation shows.`,
        );
      });
    },
  };
}
