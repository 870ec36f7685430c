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

/** How an engine's live password is found. */
export interface Search {
  /** How many versions are tried that are older than the current one. @default all */
  readonly mostOlder?: number;
  /** What else than a change elsewhere may make a server refuse them all, in the engine's words. */
  readonly otherwise: string;
}

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
 * @throws AUTHENTICATION if no password works, or too many were tried: a server may lock the user out
 */
export async function liveLogin<Session>(
  passwords: Passwords,
  versionId: string,
  open: (login: Login, onSalt: (salt: Buffer) => void) => Promise<Session>,
  { mostOlder, otherwise }: Search,
): Promise<LiveLogin<Session>> {
  const { host, username } = passwords.pending;
  const startedAt = performance.now();
  let salt: Buffer | undefined;
  let tries = 0;
  const onSalt = (found: Buffer) => {
    salt = found;
  };
  const isMarked = (id: string) => salt?.equals(saltOfVersion(id)) === true;
  for await (const password of likeliestFirst(passwords, versionId, { isMarked, mostOlder })) {
    if (tries === MOST_LOGINS || performance.now() - startedAt > SEARCH_MS) {
      throw unknownPassword(`${host} refuses the ${tries} newest passwords of ${username} that are stored`);
    }
    tries += 1;
    const session = await unlessRefused(open({ username, password }, onSalt));
    if (session !== undefined) return { session, password, salt };
  }
  const which = mostOlder === undefined ? 'every stored password' : `the ${tries} likeliest of the stored passwords`;
  throw unknownPassword(`${host} refuses ${which} of ${username}: it was changed elsewhere, or ${otherwise}`);
}

/**
 * Each password once. One of an earlier version goes only where that version says: who edits the secret must not get it elsewhere.
 * @param order which version the server has named, if it has, and how many are tried that are older than the current one
 */
async function* likeliestFirst(
  { current, pending, earlier }: Passwords,
  versionId: string,
  {
    isMarked,
    mostOlder,
  }: { readonly isMarked: (versionId: string) => boolean; readonly mostOlder: number | undefined },
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
  }, mostOlder)) {
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
