import { generatePassword } from '../../rules/password/password.ts';
import { NAME_BYTES, type PostgresEnvironment } from '../../rules/postgres-rotation.ts';
import { adminLogin } from '../databases/admin-login.ts';
import {
  type DatabaseSecret,
  databaseSecret,
  databaseSecretWithoutPassword,
  PUBLIC_FIELDS,
} from '../databases/database-secret.ts';
import { checkSameDatabase } from '../databases/same-database.ts';
import { RotationError, type RotationStrategy } from '../rotation/index.ts';
import { equalUsers } from './equal-users.ts';
import { SAFE_PATH } from './equal-users-sql.ts';
import { PostgresSession } from './postgres-session.ts';
import { scramVerifier } from './scram-verifier.ts';

type Stored = DatabaseSecret<string | undefined>;

const SUFFIX = '_clone';

/** How long the rotation waits for a lock, while applications that want it too wait behind it. */
const LOCK_TIMEOUT = '5s';

/**
 * Two users with the same privileges take turns: the one that applications use stays as it is, the other gets a new
 * password, set by an administrator. One transaction, so a crash leaves everything as it was, or all of it done.
 */
export function alternatingUsers(options: PostgresEnvironment): RotationStrategy<Stored, DatabaseSecret> {
  const { adminSecretArns, alternateUsername, ownerRole, tls } = options;
  return {
    publicFields: PUBLIC_FIELDS,
    current: databaseSecretWithoutPassword,
    pending: databaseSecret,

    async create(current) {
      if (current === undefined) {
        throw new RotationError('SECRET_VALUE', 'The secret has no value. Store host and username to begin with.');
      }
      const username = otherUser(current, alternateUsername);
      const isNamed = current.alternateusername !== undefined || alternateUsername !== undefined;
      return {
        username,
        password: generatePassword(options),
        ...(isNamed && { alternateusername: current.username }),
      };
    },

    async set({ current, pending }, context) {
      const { username } = pending;
      checkSameDatabase(current, pending, otherUser(current, alternateUsername));
      const verifier = await scramVerifier(pending.password);
      const admin = await adminLogin(current, adminSecretArns, context);
      const session = await PostgresSession.open({ ...tls, ...pending }, admin, context);
      try {
        const names = [current.username, username];
        const first = names.find((name) => name !== alternateUsername && !name.endsWith(SUFFIX)) ?? current.username;
        const pair = { current: current.username, pending: username, first, ownerRole };
        // Two rotations of the same users wait for each other.
        const lock = `pg_advisory_xact_lock(hashtext('rotaform'), hashtext(${session.literal(names.toSorted().join(' '))}))`;
        await session.run(
          `BEGIN; ${SAFE_PATH}; SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'; SELECT ${lock}`,
          undefined,
          'BEGIN',
        );
        await equalUsers(session, pair, context);
        await session.setPassword(username, verifier, 'LOGIN');
        await session.run('COMMIT');
      } finally {
        await session.close(); // What is not committed by then is undone.
      }
    },

    async test(pending, context) {
      const session = await PostgresSession.open({ ...tls, ...pending }, pending, context);
      await session.close();
    },
  };
}

/** Whose turn it is next. @throws CONFIGURATION where PostgreSQL would cut its name off */
function otherUser({ username, alternateusername }: Stored, alternateUsername: string | undefined): string {
  const other =
    alternateusername ??
    alternateUsername ??
    (username.endsWith(SUFFIX) ? username.slice(0, -SUFFIX.length) : username + SUFFIX);
  if (other === username) {
    throw new RotationError(
      'CONFIGURATION',
      `The secret's username is the alternate one already, ${other}. Store the other's name as its "alternateusername".`,
    );
  }
  if (Buffer.byteLength(other) <= NAME_BYTES) return other;
  throw new RotationError(
    'CONFIGURATION',
    `The second user, ${other}, would have more than ${NAME_BYTES} bytes. Give a shorter alternateUsername.`,
  );
}
