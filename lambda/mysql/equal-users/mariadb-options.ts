import type { Server } from '../server.ts';

/** What MariaDB keeps of an account besides its methods and privileges. */
export interface Priv {
  readonly ssl_type?: number;
  readonly ssl_cipher?: string;
  readonly x509_issuer?: string;
  readonly x509_subject?: string;
  readonly max_questions?: number;
  readonly max_updates?: number;
  readonly max_connections?: number;
  readonly max_user_connections?: number;
  readonly max_statement_time?: number;
  /** In days; 0 for never, -1 as the server has it. */
  readonly password_lifetime?: number;
  readonly default_role?: string;
}

const LIMITS = [
  ['MAX_QUERIES_PER_HOUR', 'max_questions'],
  ['MAX_UPDATES_PER_HOUR', 'max_updates'],
  ['MAX_CONNECTIONS_PER_HOUR', 'max_connections'],
  ['MAX_USER_CONNECTIONS', 'max_user_connections'],
  ['MAX_STATEMENT_TIME', 'max_statement_time'],
] as const;

const CERTIFICATE = [
  ['SUBJECT', 'x509_subject'],
  ['ISSUER', 'x509_issuer'],
  ['CIPHER', 'ssl_cipher'],
] as const;

/** The same as SQL, each of them: what an account has not, is there as its default. */
export function optionsOf(priv: Priv, literal: Server['literal']): string {
  const limits = LIMITS.map(([name, field]) => `${name} ${priv[field] ?? 0}`);
  return `REQUIRE ${requirement(priv, literal)} WITH ${limits.join(' ')} PASSWORD EXPIRE ${lifetime(priv)}`;
}

function requirement(priv: Priv, literal: Server['literal']): string {
  const { ssl_type: type = 0 } = priv;
  if (type < 3) return ['NONE', 'SSL', 'X509'][type] ?? 'NONE';
  const parts = CERTIFICATE.flatMap(([name, field]) => (priv[field] ? [`${name} ${literal(priv[field])}`] : []));
  return parts.join(' AND ');
}

function lifetime({ password_lifetime: days = -1 }: Priv): string {
  if (days < 0) return 'DEFAULT';
  return days === 0 ? 'NEVER' : `INTERVAL ${days} DAY`;
}
