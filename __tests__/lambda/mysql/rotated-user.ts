import { randomBytes, randomUUID } from 'node:crypto';
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { expect } from 'vitest';
import { NATIVE } from '../../../lambda/mysql/password-hash.ts';
import type { AskedServer, ServerLogin } from '../../asked-server.ts';
import { deployStrategy } from '../rotation/deploy-strategy.ts';

/** The name of the administrator's secret, which serves for its ARN. */
const ADMIN = 'administrator';

export const SINGLE = { ROTATION_STRATEGY: 'single-user' };
/** Which administrator and which users, `rotatedUser` fills in. */
export const SINGLE_BY_ADMIN = { ...SINGLE, ADMINS: ADMIN };
export const ALTERNATING = { ROTATION_STRATEGY: 'alternating-users', ADMINS: ADMIN };
export const DUAL = { ROTATION_STRATEGY: 'dual-password', ADMINS: ADMIN };

interface RotatedUserOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Fields of the rotated secret besides those of its login; undefined takes one away. */
  readonly secret?: Readonly<Record<string, unknown>>;
  /** @default the server's administrator */
  readonly admin?: ServerLogin;
  /** @default one that no other test has */
  readonly username?: string;
  /** Of the account. @default '%' */
  readonly host?: string;
  /** How the account is made, with `$password`, or `$hash` for the hash of it by mysql_native_password. @default one password, as the server makes it */
  readonly identified?: string;
}

/** A database user of its own, and a secret with its login that the function rotates. */
export async function rotatedUser(
  server: AskedServer,
  { environment, secret = {}, admin = server, username, host = '%', identified }: RotatedUserOptions,
) {
  const first = { username: username ?? `app_${randomUUID().slice(0, 8)}`, password: randomBytes(12).toString('hex') };
  const account = `${quoted(first.username)}@${quoted(host)}`;
  const by = identified ?? "BY '$password'";
  const hash = NATIVE.hash(first.password, '').toString();
  await server.query(
    `CREATE USER ${account} IDENTIFIED ${by.replaceAll('$hash', hash).replaceAll('$password', first.password)}`,
  );
  const document = {
    engine: server.product.toLowerCase(),
    host: 'localhost',
    port: server.port,
    ...first,
    ca: server.ca,
  };
  const stored = { ...document, ...secret };
  const isAlternating = environment.ROTATION_STRATEGY === 'alternating-users';
  const declared =
    environment.ADMINS === ADMIN
      ? {
          ADMINS: JSON.stringify([{ secretArn: ADMIN, host: 'localhost', port: server.port }]),
          USERS: JSON.stringify(isAlternating ? [stored.username, `${stored.username}_clone`] : [stored.username]),
          TLS_CA: server.ca,
        }
      : {};
  const variables = { ...environment, ...declared };
  const deployed = await deployStrategy({
    entry: 'lambda/mysql.ts',
    secretString: JSON.stringify(stored),
    environment: Object.fromEntries(
      Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
    timeoutSeconds: 30,
  });
  const { username: name, password } = admin;
  const SecretString = JSON.stringify({ username: name, password });
  await deployed.client.send(new CreateSecretCommand({ Name: ADMIN, SecretString }));
  const login = async (which?: string): Promise<ServerLogin> => JSON.parse((await deployed.value(which)) ?? '{}');
  return {
    ...deployed,
    /** The login that it began with. */
    first,
    /** As SQL names it. */
    account,
    /** What the secret holds. */
    login,

    /** Rotates, and expects that it ends well. @returns the login that is current then */
    async rotated(): Promise<ServerLogin> {
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
  };
}

export const quoted = (name: string) => `\`${name.replaceAll('`', '``')}\``;
