import { randomBytes } from 'node:crypto';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { type DatabaseLogin, DatabaseSession } from '../../lambda/rotation/contract/strategies/database-session.ts';

export interface RawEvent {
  readonly Step: 'createSecret' | 'setSecret' | 'testSecret' | 'finishSecret';
  readonly SecretId: string;
  readonly ClientRequestToken: string;
}

export type RawStep = (event: RawEvent) => Promise<void>;

export const client = new SecretsManagerClient({ maxAttempts: 4 });

export const newPassword = () => randomBytes(16).toString('base64url');

/** A version's value; undefined where there is none. */
export async function read(
  SecretId: string,
  which: { VersionId?: string; VersionStage?: string },
): Promise<DatabaseLogin | undefined> {
  try {
    const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId, ...which }));
    return JSON.parse(SecretString);
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

/** The same where there must be one. */
export async function readStored(SecretId: string, which: Parameters<typeof read>[1]): Promise<DatabaseLogin> {
  const login = await read(SecretId, which);
  if (login === undefined) throw new Error('The version has no value.');
  return login;
}

/** Whoever can log in, if anyone can. */
export function logIn(login: DatabaseLogin | undefined): Promise<DatabaseSession | undefined> {
  return login === undefined
    ? Promise.resolve(undefined)
    : DatabaseSession.login(login).catch((error) => {
        if (error.code === 'AUTHENTICATION') return undefined;
        throw error;
      });
}

/** What the new value is made of: the current one, with whatever changes. */
export function createSecretWith(change: (current: DatabaseLogin) => Partial<DatabaseLogin>): RawStep {
  return async ({ SecretId, ClientRequestToken }) => {
    const { VersionIdsToStages = {} } = await client.send(new DescribeSecretCommand({ SecretId }));
    const labels = VersionIdsToStages[ClientRequestToken] ?? [];
    if (labels.includes('AWSCURRENT')) return;
    if (!labels.includes('AWSPENDING')) throw new Error('The version is not pending.');
    if ((await read(SecretId, { VersionId: ClientRequestToken })) !== undefined) return;
    const current = await readStored(SecretId, { VersionStage: 'AWSCURRENT' });
    const SecretString = JSON.stringify({ ...current, ...change(current) });
    const VersionStages = ['AWSPENDING'];
    await client.send(new PutSecretValueCommand({ SecretId, ClientRequestToken, SecretString, VersionStages }));
  };
}

/** Handlers as tutorials write them, on the bare AWS SDK, but right: one user, one password at a time. */
export const singleUser: Readonly<Record<RawEvent['Step'], RawStep>> = {
  createSecret: createSecretWith(() => ({ password: newPassword() })),

  async setSecret({ SecretId, ClientRequestToken }) {
    const pending = await readStored(SecretId, { VersionId: ClientRequestToken });
    const session =
      (await logIn(await read(SecretId, { VersionStage: 'AWSCURRENT' }))) ??
      (await logIn(pending)) ??
      (await logInAsBefore(SecretId));
    if (session === undefined) throw new Error('The database refuses every password that is stored.');
    await session.run({ what: 'SET PASSWORD', user: pending.username, password: pending.password });
  },

  async testSecret({ SecretId, ClientRequestToken }) {
    await DatabaseSession.login(await readStored(SecretId, { VersionId: ClientRequestToken }));
  },

  async finishSecret(event) {
    // Only what works becomes current.
    await DatabaseSession.login(await readStored(event.SecretId, { VersionId: event.ClientRequestToken }));
    await promote(event);
  },
};

/** Makes the version current, whatever it holds. */
export async function promote({ SecretId, ClientRequestToken }: RawEvent): Promise<void> {
  const { VersionIdsToStages = {} } = await client.send(new DescribeSecretCommand({ SecretId }));
  const [current] = Object.entries(VersionIdsToStages).find(([, stages]) => stages.includes('AWSCURRENT')) ?? [];
  if (current === ClientRequestToken) return;
  await client.send(
    new UpdateSecretVersionStageCommand({
      SecretId,
      VersionStage: 'AWSCURRENT',
      MoveToVersionId: ClientRequestToken,
      RemoveFromVersionId: current,
    }),
  );
}

/** Two users who take turns, made and given their privileges by an administrator. */
export const alternatingUsers: typeof singleUser = {
  ...singleUser,

  createSecret: createSecretWith(({ username }) => ({
    username: username === 'app' ? 'app_clone' : 'app',
    password: newPassword(),
  })),

  async setSecret(event) {
    const pending = await readStored(event.SecretId, { VersionId: event.ClientRequestToken });
    refuseForeign(pending);
    await makeUser(pending);
  },
};

/** The administrator's password goes to its own database, and changes its own users, whatever the document says. */
export function refuseForeign({ url, username }: DatabaseLogin): void {
  const { ORIGIN, USERS = '' } = process.env;
  if (new URL(url).origin !== ORIGIN) throw new Error('The document names another database.');
  if (!USERS.split(',').includes(username)) throw new Error('The document names another user.');
}

/** @param model whose privileges the user gets */
export async function makeUser(
  { url, username: user, password }: DatabaseLogin,
  model = user === 'app' ? 'app_clone' : 'app',
): Promise<void> {
  const session = await administrator(url);
  const privileges = await session.run({ what: 'SHOW PRIVILEGES', user: model });
  await session.run({ what: 'CREATE USER', user });
  await session.run({ what: 'SET PASSWORD', user, password });
  await session.run({ what: 'GRANT', user, privileges });
}

export async function administrator(url: string): Promise<DatabaseSession> {
  const admin = await readStored(process.env.ADMIN_SECRET ?? '', { VersionStage: 'AWSCURRENT' });
  return DatabaseSession.login({ ...admin, url });
}

export function rawHandler(steps: Readonly<Record<RawEvent['Step'], RawStep>>): RawStep {
  return (event) => steps[event.Step](event);
}

/** A password that a rotation left behind when it was given up: it stands in a version without labels. */
async function logInAsBefore(SecretId: string): Promise<DatabaseSession | undefined> {
  const { Versions = [] } = await client.send(new ListSecretVersionIdsCommand({ SecretId, IncludeDeprecated: true }));
  const age = (version: (typeof Versions)[number]) => -(version.CreatedDate?.getTime() ?? 0);
  for (const { VersionId = '' } of [...Versions].sort((a, b) => age(a) - age(b)).slice(0, 5)) {
    const session = await logIn(await read(SecretId, { VersionId }));
    if (session !== undefined) return session;
  }
  return undefined;
}
