import { RotationError } from '../rotation/index.ts';
import { type Account, type Method, nameOf } from './account.ts';
import type { MysqlSession } from './mysql-session.ts';
import type { Server } from './server.ts';

/**
 * An account as the server's tables have it, which the session's user must be allowed to read.
 * @throws CONFIGURATION if there is none; PRIVILEGE
 */
export async function readAccount(
  session: MysqlSession,
  server: Server,
  name: Pick<Account, 'user' | 'host'>,
): Promise<Account> {
  const { found, others } = await findAccount(session, server, name);
  if (found !== undefined) return { ...found, others };
  const remedy =
    others.length === 0
      ? 'Create it first, or correct the secret.'
      : `The server has ${others.map(nameOf).join(', ')}: declare its host part as userHost.`;
  throw new RotationError('CONFIGURATION', `There is no account ${nameOf(name)}. ${remedy}`);
}

/**
 * The account, if it is there, and the user's other ones.
 * @throws CONFIGURATION, PRIVILEGE
 */
export async function findAccount(
  session: MysqlSession,
  { isMariadb, version, tooOldFor, literal }: Server,
  { user, host }: Pick<Account, 'user' | 'host'>,
): Promise<{ readonly found: Found | undefined; readonly others: readonly Found[] }> {
  if (tooOldFor !== undefined) {
    const name = isMariadb ? 'MariaDB' : 'MySQL';
    throw session.refused(
      `is ${name} ${version.join('.')}: an administrator needs ${tooOldFor.join('.')} or newer. Declare strategy 'single-user' without admin.`,
    );
  }
  const accounts = isMariadb ? await ofMariadb(session, user, literal) : await ofMysql(session, user, literal);
  const found = accounts.find((account) => account.host === host) ?? accounts.find(({ isRole }) => isRole);
  return { found, others: accounts.filter((account) => account !== found) };
}

type Found = Omit<Account, 'others'>;

/** What MariaDB keeps of an account, in JSON. */
interface Priv {
  readonly plugin?: string;
  readonly authentication_string?: string;
  /** All methods in their order, if there are several; an empty one stands for the first two fields. */
  readonly auth_or?: readonly Omit<Priv, 'auth_or'>[];
  readonly is_role?: boolean;
  readonly account_locked?: boolean;
  /** 2 for X509, 3 for what else is required. */
  readonly ssl_type?: number;
  readonly x509_issuer?: string;
  readonly x509_subject?: string;
}

async function ofMariadb(session: MysqlSession, user: string, literal: Server['literal']): Promise<Found[]> {
  const rows = await session.run<{ Host: string; Priv: string }>(
    `SELECT Host, Priv FROM mysql.global_priv WHERE User = ${literal(user)}`,
    `reading the accounts of ${user}`,
  );
  return rows.map(({ Host: host, Priv: json }) => {
    const priv: Priv = JSON.parse(json);
    const method = ({ plugin = priv.plugin ?? '', authentication_string: text = '' }: Priv): Method => ({
      plugin: plugin === '' ? 'mysql_native_password' : plugin,
      stored: Buffer.from(text),
    });
    const own = method(priv);
    return {
      user,
      host,
      methods: priv.auth_or?.map((each) => (each.plugin === undefined ? own : method(each))) ?? [own],
      isRole: priv.is_role === true,
      isLocked: priv.account_locked === true,
      needsCertificate: priv.ssl_type === 2 || Boolean(priv.x509_issuer || priv.x509_subject),
      needsSecondFactor: false,
    };
  });
}

interface MysqlRow {
  readonly host: string;
  readonly plugin: string;
  readonly hash: string | null;
  readonly retained: string | null;
  readonly locked: string;
  readonly certificate: string;
  readonly factors: string;
}

async function ofMysql(session: MysqlSession, user: string, literal: Server['literal']): Promise<Found[]> {
  const rows = await session.run<MysqlRow>(
    `SELECT Host AS host, plugin, HEX(authentication_string) AS hash, account_locked AS locked,
      ssl_type IN ('X509', 'SPECIFIED') AS certificate,
      JSON_EXTRACT(User_attributes, '$.multi_factor_authentication') IS NOT NULL AS factors,
      HEX(JSON_UNQUOTE(JSON_EXTRACT(User_attributes, '$.additional_password'))) AS retained
    FROM mysql.user WHERE User = ${literal(user)}`,
    `reading the accounts of ${user}`,
  );
  return rows.map(({ host, plugin, hash, retained, locked, certificate, factors }) => ({
    user,
    host,
    methods: [{ plugin, stored: Buffer.from(hash ?? '', 'hex') }],
    ...(retained !== null && retained !== '' && { retained: Buffer.from(retained, 'hex') }),
    // A role of MySQL is a user that is locked and has no password.
    isRole: locked === 'Y' && (hash ?? '') === '',
    isLocked: locked === 'Y',
    needsCertificate: Number(certificate) === 1,
    needsSecondFactor: Number(factors) === 1,
  }));
}
