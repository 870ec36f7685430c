import { randomBytes, randomUUID } from 'node:crypto';
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import pg from 'pg';
import { expect } from 'vitest';
import type { PostgresLogin, PostgresServer } from '../../postgres-server.ts';
import { deployStrategy } from '../rotation/deploy-strategy.ts';

/** The name of the administrator's secret, which serves for its ARN. */
const ADMIN = 'administrator';

export const SINGLE = { ROTATION_STRATEGY: 'single-user' };
/** Which administrator and which users, `rotatedUser` fills in. */
export const SINGLE_BY_ADMIN = { ...SINGLE, ADMINS: ADMIN };
export const ALTERNATING = { ROTATION_STRATEGY: 'alternating-users', ADMINS: ADMIN };

export interface RotatedUserOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Fields of the rotated secret besides those of its login; undefined takes one away. */
  readonly secret?: Readonly<Record<string, unknown>>;
  /** @default the server's superuser */
  readonly admin?: PostgresLogin;
  /** The secrets that are declared as administrators': names, which serve for ARNs. @default the one that is there */
  readonly admins?: readonly string[];
  /** @default one that no other test has */
  readonly username?: string;
}

export type RotatedUser = Awaited<ReturnType<typeof rotatedUser>>;

/** A database user of its own, and a secret with its login that the function rotates. */
export async function rotatedUser(
  server: PostgresServer,
  { environment, secret = {}, admin = server, admins = [ADMIN], username }: RotatedUserOptions,
) {
  const first = { username: username ?? `app_${randomUUID().slice(0, 8)}`, password: randomBytes(12).toString('hex') };
  await server.query(`CREATE ROLE ${pg.escapeIdentifier(first.username)} LOGIN PASSWORD '${first.password}'`);
  const document = {
    engine: 'postgres',
    host: 'localhost',
    port: server.port,
    ...first,
    dbname: 'postgres',
    ca: server.ca,
  };
  const stored = { ...document, ...secret };
  const declared = environment.ADMINS === ADMIN ? declarationOf(server, admins, stored) : {};
  const variables = { ...declared, ...environment, ...(declared.ADMINS && { ADMINS: declared.ADMINS }) };
  const deployed = await deployStrategy({
    entry: 'lambda/postgres.ts',
    secretString: JSON.stringify(stored),
    environment: Object.fromEntries(
      Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
    timeoutSeconds: 30,
  });
  await deployed.client.send(
    new CreateSecretCommand({
      Name: ADMIN,
      SecretString: JSON.stringify({ username: admin.username, password: admin.password }),
    }),
  );
  const login = async (which?: string): Promise<PostgresLogin> => JSON.parse((await deployed.value(which)) ?? '{}');
  return {
    ...deployed,
    /** The login that it began with. */
    first,
    /** What the secret holds. */
    login,

    /** Rotates, and expects that it ends well. @returns the login that is current then */
    async rotated(): Promise<PostgresLogin> {
      expect(await this.failure()).toBeUndefined();
      return login();
    },

    /** Rotates. @returns the code and the message of the function's last failure */
    async failure(): Promise<{ code: unknown; message: string } | undefined> {
      const { outcome } = await deployed.rotate();
      if (outcome === 'succeeded') return undefined;
      const lines = deployed.aws.account.functions.find(deployed.functionArn)?.log ?? [];
      const failures = lines.filter((line) => line.includes('"errorCode"')).map((line) => JSON.parse(line));
      const { errorCode: code, errorMessage: message } = failures.at(-1) ?? {};
      return { code, message };
    },

    /** Runs SQL as whoever is current. */
    query: async (sql: string) => server.query(sql, await login()),
  };
}

/** What a declaration says of a user that an administrator changes. */
function declarationOf(
  { port, ca }: PostgresServer,
  admins: readonly string[],
  { username, dbname }: { readonly username: string; readonly dbname: string },
): Record<string, string> {
  return {
    ADMINS: JSON.stringify(admins.map((secretArn) => ({ secretArn, host: 'localhost', port }))),
    USERS: JSON.stringify([username]),
    DBNAME: dbname,
    TLS_CA: ca,
  };
}
