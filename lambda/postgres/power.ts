import { RotationError } from '../rotation/index.ts';

/** A role with more power than a rotation may hand out. */
export interface Power {
  /** The user itself, or a role that it is a member of. */
  readonly role: string;
  readonly what: string;
}

/**
 * Roles that act for the whole server, or are a provider's administrators. Those that only reach data, such as
 * `pg_read_all_data`, `pg_write_all_data` and `pg_maintain`, or only look, such as `pg_monitor`, are ordinary.
 */
const AS_SERVER = [
  ...['pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files'],
  ...['pg_create_subscription', 'pg_signal_backend', 'pg_signal_autovacuum_worker'],
  ...['rds_superuser', 'rds_replication', 'rds_password', 'rdsadmin'],
  ...['cloudsqlsuperuser', 'azure_pg_admin', 'alloydbsuperuser'],
];

/** SQL: the power that the role of an oid has, or could take by a membership; null for an ordinary one. */
export const powerOf = (oid: string): string => `(
  SELECT json_build_object('role', rolname, 'what', CASE WHEN rolsuper THEN 'is a superuser' WHEN rolcreaterole THEN 'has CREATEROLE'
    WHEN rolreplication THEN 'has REPLICATION' WHEN rolbypassrls THEN 'has BYPASSRLS' ELSE 'acts for the server' END)
  FROM pg_roles AS power
  WHERE (rolsuper OR rolcreaterole OR rolreplication OR rolbypassrls
      OR rolname IN (${AS_SERVER.map((name) => `'${name}'`).join(', ')}))
    AND pg_has_role(${oid}, power.oid, 'MEMBER')
  ORDER BY power.oid <> ${oid}, rolname LIMIT 1)`;

/**
 * Refuses a user that an administrator must not change: who may write the secret would get what that user may do.
 * @throws CONFIGURATION
 */
export function refusePower(user: string, power: Power | null): void {
  if (power === null) return;
  const { role, what } = power;
  const reason = what === 'has CREATEROLE' ? ', so it could change the passwords of other users' : '';
  const found = (role === user ? `${user} ${what}` : `${user} is a member of ${role}, which ${what}`) + reason;
  throw new RotationError(
    'CONFIGURATION',
    `${found}. An administrator changes only users that are not superusers, have no CREATEROLE, REPLICATION or BYPASSRLS, and ` +
      "are not members of such a role. Revoke it, or let the user change its own password: strategy 'single-user' without admin.",
  );
}
