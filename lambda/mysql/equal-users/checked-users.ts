import type { Turn } from '../../databases/turn.ts';
import { RotationError } from '../../rotation/index.ts';
import { type Account, checkAccount, nameOf } from '../account.ts';
import type { MysqlSession } from '../mysql-session.ts';
import { refusePower } from '../power.ts';
import { findAccount, readAccount } from '../read-account.ts';
import type { Server } from '../server.ts';

/** Both users, as the server has them. */
export interface CheckedUsers {
  /** The account by which the other one goes. */
  readonly model: Account;
  /** Whose turn it is. */
  readonly target: Pick<Account, 'user' | 'host'>;
  /** Its account; undefined if there is none yet. */
  readonly found: Omit<Account, 'others'> | undefined;
}

/**
 * Reads the accounts of both users, of which one may be missing.
 * @throws CONFIGURATION for those that an administrator must not change, or that are not alone; PRIVILEGE
 */
export async function checkedUsers(
  session: MysqlSession,
  server: Server,
  { current, pending, host }: Turn & { readonly host: string },
): Promise<CheckedUsers> {
  const target = { user: pending, host };
  const { found, others } = await findAccount(session, server, target);
  const { found: inUse } = await findAccount(session, server, { user: current, host });
  // One of the users is missing if, say, a backup was restored from before it was made.
  const model = await readAccount(
    session,
    server,
    inUse === undefined && found !== undefined ? target : { user: current, host },
  );
  checkAccount(model, 'alternating-users');
  checkIsAlone(nameOf(target), others);
  checkIsAlone(nameOf(model), model.others);
  await refusePower(session, model, server);
  if (model.user !== pending) {
    if (found?.isRole) throw refused(`${pending} is a role, and no user. Declare another name in users.`);
    if (found?.needsSecondFactor)
      throw refused(`${pending} logs in with more than one factor. Drop it: the rotation makes it anew.`);
    if (found !== undefined) await refusePower(session, { ...found, others }, server);
  }
  return { model, target, found };
}

/** The server gives a login to the account whose host part fits best, which may be another one. */
function checkIsAlone(name: string, others: Account['others']): void {
  if (others.length === 0) return;
  throw refused(
    `${name} has other accounts, ${others.map(nameOf).join(', ')}, so its logins may find other privileges than those of the other user. Drop them, or ` +
      "declare strategy 'dual-password'.",
  );
}

function refused(message: string): RotationError {
  return new RotationError('CONFIGURATION', message);
}
