/** The columns of `mysql.user` that hold what ALTER USER sets. */
export interface MysqlUserRow {
  readonly ssl_type: string;
  readonly max_questions: number;
  readonly max_updates: number;
  readonly max_connections: number;
  readonly max_user_connections: number;
  /** In days; 0 for never, null as the server has it. */
  readonly password_lifetime: number | null;
  readonly Password_reuse_history: number | null;
  readonly Password_reuse_time: number | null;
  readonly Password_require_current: string | null;
}

/** What stands in JSON beside them. */
export interface UserAttributes {
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly Password_locking?: {
    readonly failed_login_attempts?: number;
    /** -1 until a person unlocks it. */
    readonly password_lock_time_days?: number;
  };
  /** The older password. */
  readonly additional_password?: string;
  readonly Restrictions?: unknown;
}

/** The same as SQL, each of them: what an account has not, is there as its default. */
export function mysqlOptionsOf(row: MysqlUserRow, attributes: UserAttributes): string {
  const { failed_login_attempts: attempts = 0, password_lock_time_days: days = 0 } = attributes.Password_locking ?? {};
  const orDefault = (value: number | null, unit = '') => (value === null ? 'DEFAULT' : `${value}${unit}`);
  return [
    // Whoever may not log in without a certificate of the client, also because of REQUIRE CIPHER, is refused before.
    `REQUIRE ${{ ANY: 'SSL', X509: 'X509', SPECIFIED: 'X509' }[row.ssl_type] ?? 'NONE'}`,
    `WITH MAX_QUERIES_PER_HOUR ${row.max_questions} MAX_UPDATES_PER_HOUR ${row.max_updates}`,
    `MAX_CONNECTIONS_PER_HOUR ${row.max_connections} MAX_USER_CONNECTIONS ${row.max_user_connections}`,
    `PASSWORD EXPIRE ${lifetime(row.password_lifetime)}`,
    `PASSWORD HISTORY ${orDefault(row.Password_reuse_history)}`,
    `PASSWORD REUSE INTERVAL ${orDefault(row.Password_reuse_time, ' DAY')}`,
    `PASSWORD REQUIRE CURRENT${{ Y: '', N: ' OPTIONAL' }[row.Password_require_current ?? ''] ?? ' DEFAULT'}`,
    `FAILED_LOGIN_ATTEMPTS ${attempts} PASSWORD_LOCK_TIME ${days < 0 ? 'UNBOUNDED' : days}`,
  ].join(' ');
}

function lifetime(days: number | null): string {
  if (days === null) return 'DEFAULT';
  return days === 0 ? 'NEVER' : `INTERVAL ${days} DAY`;
}
