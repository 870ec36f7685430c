import { RotationError } from '../rotation/index.ts';

/** A role with more power than a rotation may hand out. */
export interface Power {
  /** The user itself, or a role that it is a member of. */
  readonly role: string;
  readonly what: string;
}

/** Roles that act with the rights of the server's own process, or of RDS's master. */
const AS_SERVER = ['pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files', 'rds_superuser'];

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
  const found = role === user ? `${user} ${what}` : `${user} is a member of ${role}, which ${what}`;
  throw new RotationError(
    'CONFIGURATION',
    `${found}. An administrator changes only users that are no superuser, have no CREATEROLE, REPLICATION or BYPASSRLS, and ` +
      "are no member of such a role. Take it away, or let the user change its own password: strategy 'single-user' without admin.",
  );
}
