import type { PostgresEnvironment } from '../../rules/postgres-rotation.ts';
import { type DatabaseSecret, PUBLIC_FIELDS } from '../databases/database-secret.ts';
import { ownDatabase } from '../databases/own-database.ts';
import { saltOfVersion } from '../databases/salt-of-version.ts';
import { checkSameDatabase } from '../databases/same-database.ts';
import { turnedLogin } from '../databases/turn.ts';
import type { RotationStrategy } from '../rotation/index.ts';
import { againAfterDisturbance } from './again-after-disturbance.ts';
import { asksForScram } from './asks-for-scram.ts';
import { criticalSection } from './critical-section.ts';
import { equalUsers } from './equal-users/equal-users.ts';
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
  };
}
