import { generatePassword } from '../../rules/password/password.ts';
import type { PostgresEnvironment } from '../../rules/postgres-rotation.ts';
import { type DatabaseSecret, PUBLIC_FIELDS } from '../databases/database-secret.ts';
import { ownDatabase } from '../databases/own-database.ts';
import { checkSameDatabase } from '../databases/same-database.ts';
import { RotationError, type RotationStrategy } from '../rotation/index.ts';
import { equalUsers } from './equal-users.ts';
import { SAFE_PATH } from './equal-users-sql.ts';
import { postgresAdministrator } from './postgres-administrator.ts';
import { postgresSecrets } from './postgres-engine.ts';
import { PostgresSession } from './postgres-session.ts';
import { scramVerifier } from './scram-verifier.ts';
import { turnOf } from './turn-of.ts';

type Stored = DatabaseSecret<string | undefined>;

/** How long the rotation waits for a lock, while applications that want it too wait behind it. */
const LOCK_TIMEOUT = '5s';

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
      if (current === undefined) {
        throw new RotationError('SECRET_VALUE', 'The secret has no value. Store host and username to begin with.');
      }
      const { pending } = turnOf(current, options, secretId);
      return {
        username: pending,
        password: generatePassword(options),
        ...(current.alternateusername !== undefined && { alternateusername: current.username }),
      };
    },

    async set({ current, pending }, context) {
      const { username } = pending;
      const turn = turnOf(current, options, context.secretId);
      checkSameDatabase(current, pending, turn.pending);
      ownDatabase(pending, options); // Refused here, before the administrator logs in.
      const verifier = await scramVerifier(pending.password);
      const users = [current.username, username];
      const { database, ...login } = await postgresAdministrator(current, users, options, context);
      const session = await PostgresSession.open({ database, login, allowMd5 }, context);
      try {
        // Two rotations of the same users wait for each other.
        const lock = `pg_advisory_xact_lock(hashtext('rotaform'), hashtext(${session.literal(users.toSorted().join(' '))}))`;
        await session.run(
          `BEGIN; ${SAFE_PATH}; SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'; SELECT ${lock}`,
          undefined,
          'BEGIN',
        );
        await equalUsers(session, turn, context);
        await session.setPassword(username, verifier, 'LOGIN');
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
