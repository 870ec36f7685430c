import type { MysqlEnvironment } from '../../rules/mysql-rotation.ts';
import type { DatabaseSecret } from '../databases/database-secret.ts';
import { lookAtUnneededLogin, PASSWORD_POLICY } from '../databases/look-at-unneeded-login.ts';
import { ownDatabase } from '../databases/own-database.ts';
import type { CheckContext } from '../rotation/index.ts';
import { administratorsSession } from './mysql-administrator.ts';
import { errnoOf } from './mysql-error.ts';
import { MysqlSession } from './mysql-session.ts';
import { ownChange } from './own-change.ts';
import { prove } from './prove.ts';
import { refuseReplica } from './refuse-replica.ts';
import { readServer, type Server } from './server.ts';

type Stored = DatabaseSecret<string | undefined>;
type Context = CheckContext<DatabaseSecret>;

/** A wrong password. */
const REFUSED = 1045;

/** Looks at what a user needs that changes its own password: its login, the server, its account, and one session more. */
export async function checkOwnLogin(current: Stored, options: MysqlEnvironment, context: Context): Promise<void> {
  const { look, skip } = context;
  const { username, password = '' } = current;
  const login = { username, password };
  const session = await look(`The login of ${username}`, () =>
    MysqlSession.open({ database: ownDatabase(current, options), login }, context),
  );
  if (session === undefined) return;
  try {
    const server = await look('The server', () => writableServer(session));
    if (server === undefined) return;
    await look(`The account of ${username}`, () => ownChange(session, server, { live: password, password }));
    await look(`A second session of ${username}`, () => prove({ ...current, password }, options, context));
  } finally {
    await session.close();
  }
  skip(...PASSWORD_POLICY);
}

/**
 * Looks at what an administrator needs that changes the passwords of others: its login, the server, and what it may do.
 * @param users whom it may not be itself
 * @param lookAtUsers looks at what is the strategy's own
 */
export async function checkAdministratorsLogin(
  current: Stored,
  users: readonly string[],
  options: MysqlEnvironment,
  context: Context,
  lookAtUsers: (session: MysqlSession, server: Server) => Promise<void>,
): Promise<void> {
  const { look, skip } = context;
  const session = await look("The administrator's login", () => {
    ownDatabase(current, options); // Refused here, before the administrator logs in.
    return administratorsSession(current, users, options, context);
  });
  if (session === undefined) return;
  try {
    const server = await look('The server', () => writableServer(session));
    if (server === undefined) return;
    await lookAtUsers(session, server);
  } finally {
    await session.close();
  }
  const logIn = (password: string) => prove({ ...current, password }, options, context);
  await lookAtUnneededLogin(current, logIn, (error) => errnoOf(error) === REFUSED, context);
  skip(...PASSWORD_POLICY);
}

async function writableServer(session: MysqlSession): Promise<Server> {
  const server = await readServer(session);
  await refuseReplica(session, server);
  return server;
}
