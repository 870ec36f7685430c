import type { PostgresEnvironment } from '../../rules/postgres-rotation.ts';
import type { DatabaseSecret } from '../databases/database-secret.ts';
import { lookAtUnneededLogin, PASSWORD_POLICY } from '../databases/look-at-unneeded-login.ts';
import { ownDatabase } from '../databases/own-database.ts';
import type { CheckContext } from '../rotation/index.ts';
import { asksForScram } from './asks-for-scram.ts';
import { checkServer } from './check-server.ts';
import { postgresAdministrator } from './postgres-administrator.ts';
import { PostgresSession } from './postgres-session.ts';

type Stored = DatabaseSecret<string | undefined>;
type Context = CheckContext<DatabaseSecret>;

/** The SQLSTATE. */
const INVALID_PASSWORD = '28P01';

/** Looks at what a user needs that changes its own password: its login, the server, and one session more. */
export async function checkOwnLogin(current: Stored, options: PostgresEnvironment, context: Context): Promise<void> {
  const { look, skip } = context;
  const { username, password = '' } = current;
  let isScram = false;
  const onSalt = () => {
    isScram = true;
  };
  const open = () => {
    const database = ownDatabase(current, options);
    return PostgresSession.open(
      { database, login: { username, password }, allowMd5: options.allowMd5, onSalt },
      context,
    );
  };
  const session = await look(`The login of ${username}`, open);
  if (session === undefined) return;
  try {
    const user = { user: username, allowMd5: options.allowMd5, asksForScram: async () => isScram };
    await look('The server', () => checkServer(session, user));
    await look(`A second session of ${username}`, async () => (await open()).close());
  } finally {
    await session.close();
  }
  skip(...PASSWORD_POLICY);
}

/**
 * Looks at what an administrator needs that changes the passwords of others: its login, what it may do, and the server.
 * @param users whom it may not be itself
 * @param lookAtUsers looks at what is the strategy's own
 */
export async function checkAdministratorsLogin(
  current: Stored,
  users: readonly string[],
  options: PostgresEnvironment,
  context: Context,
  lookAtUsers: (session: PostgresSession) => Promise<void>,
): Promise<void> {
  const { look, skip } = context;
  const { allowMd5 } = options;
  const session = await look("The administrator's login", async () => {
    ownDatabase(current, options); // Refused here, before the administrator logs in.
    const { database, ...login } = await postgresAdministrator(current, users, options, context);
    return PostgresSession.open({ database, login, allowMd5 }, context);
  });
  if (session === undefined) return;
  try {
    const user = { user: current.username, allowMd5, asksForScram: () => asksForScram(current, options, context) };
    await look('The server', () => checkServer(session, user));
    await lookAtUsers(session);
  } finally {
    await session.close();
  }
  const logIn = async (password: string) => {
    const login = {
      database: ownDatabase(current, options),
      login: { username: current.username, password },
      allowMd5,
    };
    await (await PostgresSession.open(login, context)).close();
  };
  const isWrongPassword = (error: unknown) => Object(Object(error).cause).code === INVALID_PASSWORD;
  await lookAtUnneededLogin(current, logIn, isWrongPassword, context);
  skip(...PASSWORD_POLICY);
}
