import { RotationError, type RotationStrategy } from '../rotation/index.ts';
import type { DatabaseSecret, Login } from './database-secret.ts';
import { isRefused } from './is-refused.ts';
import { saltOfVersion } from './salt-of-version.ts';
import { isSameEndpoint } from './same-database.ts';

type Stored = DatabaseSecret<string | undefined>;

export type Passwords = Parameters<NonNullable<RotationStrategy<Stored, DatabaseSecret>['set']>>[0];

/** How many stored passwords are tried, and for how long: then there is still time to set and prove the new one. */
const MOST_LOGINS = 20;
const SEARCH_MS = 10_000;

export interface LiveLogin<Session> {
  readonly session: Session;
  /** What the session logged in with. */
  readonly password: string;
  /** Of its verifier; undefined if the server tells none. */
  readonly salt: Buffer | undefined;
}

/**
 * A session with the password that is live, of those that the secret still has. No login is refused unless a rotation was cut off or
 * given up; then the server's salt says which version is live, if this function has set its password.
 * @param open logs in, and tells the salt even if it is refused
 * @param expired what may have happened to the password, in the engine's words
 * @throws AUTHENTICATION if no password works, or too many were tried: a server may lock the user out
 */
export async function liveLogin<Session>(
  passwords: Passwords,
  versionId: string,
  open: (login: Login, onSalt: (salt: Buffer) => void) => Promise<Session>,
  expired = 'has expired',
): Promise<LiveLogin<Session>> {
  const { host, username } = passwords.pending;
  const startedAt = performance.now();
  let salt: Buffer | undefined;
  let tries = 0;
  const onSalt = (found: Buffer) => {
    salt = found;
  };
  const isMarked = (id: string) => salt?.equals(saltOfVersion(id)) === true;
  for await (const password of likeliestFirst(passwords, versionId, isMarked)) {
    if (tries === MOST_LOGINS || performance.now() - startedAt > SEARCH_MS) {
      throw unknownPassword(`${host} refuses the ${tries} newest passwords of ${username} that are stored`);
    }
    tries += 1;
    const session = await unlessRefused(open({ username, password }, onSalt));
    if (session !== undefined) return { session, password, salt };
  }
  throw unknownPassword(
    `${host} refuses every password of ${username} that is stored: it was changed elsewhere, or ${expired}`,
  );
}

/**
 * Each password once. One of an earlier version goes only where that version says: who edits the secret must not get it elsewhere.
 * @param isMarked whether the server has named that version
 */
async function* likeliestFirst(
  { current, pending, earlier }: Passwords,
  versionId: string,
  isMarked: (versionId: string) => boolean,
): AsyncGenerator<string> {
  const tried = new Set<string | undefined>([undefined]);
  const untried = (password: string | undefined): string[] => {
    if (password === undefined || tried.has(password)) return [];
    tried.add(password);
    return [password];
  };
  yield* untried(current.password);
  let isNamed = isMarked(versionId);
  if (isNamed) yield* untried(pending.password);
  for await (const version of earlier((id) => {
    const isLive = isMarked(id);
    isNamed ||= isLive;
    return isLive;
  })) {
    if (!isNamed) yield* untried(pending.password);
    if (version.username !== pending.username || !isSameEndpoint(version, pending)) continue;
    yield* untried(version.password);
  }
  yield* untried(pending.password);
}

function unknownPassword(problem: string): RotationError {
  return new RotationError(
    'AUTHENTICATION',
    `${problem}. Declare an admin, which needs no old password, or set the password of AWSCURRENT by hand.`,
  );
}

async function unlessRefused<Session>(login: Promise<Session>): Promise<Session | undefined> {
  try {
    return await login;
  } catch (error) {
    if (isRefused(error)) return undefined;
    throw error;
  }
}
