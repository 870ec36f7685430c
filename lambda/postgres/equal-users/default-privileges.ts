import { type Plan, statements } from './known.ts';

/** The version that has default privileges on large objects. */
const LARGE_OBJECTS = 18;

const USERS = '(SELECT oid FROM users)';
const OURS = '(SELECT oid FROM ours)';

/** SQL: what a default privilege is called, to whom it is given. */
const nameOf = (grantee: string) =>
  `CASE ${grantee} WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(${grantee})) END`;
const mapped = `CASE WHEN grantee IN ${USERS} THEN quote_ident($3::text) ELSE ${nameOf('grantee')} END`;
const forRole = (role: string) => `'ALTER DEFAULT PRIVILEGES FOR ROLE ' || quote_ident(${role}::text) || `;

/**
 * What each role gives to others of all that it makes from now on.
 *
 * - What a user would give or get, the owner role does: GRANT.
 * - What one of them does not give, although it is usual, none gives: REVOKE.
 * - What a user makes as itself, as in a session from before there was an owner role, that role may use.
 */
export const defaultPrivileges = (version: number): Plan => ({
  tables: `
kinds (type, objects) AS (
  VALUES ('r'::"char", 'TABLES'), ('S', 'SEQUENCES'), ('f', 'FUNCTIONS'), ('T', 'TYPES'), ('n', 'SCHEMAS')
  ${version < LARGE_OBJECTS ? '' : ", ('L', 'LARGE OBJECTS')"}
),
usual AS (
  SELECT ours.oid AS role, rolname, type, objects, grantee, privilege_type AS privilege
  FROM ours, kinds, aclexplode(acldefault(CASE type WHEN 'S' THEN 's' ELSE type END, ours.oid))
),
defaults AS (
  SELECT defaclrole AS role, defaclnamespace = 0 AS is_global, coalesce(' IN SCHEMA ' || quote_ident(nspname), '') AS place,
    type, objects, grantee, privilege_type AS privilege, is_grantable, pg_default_acl.oid AS objid
  FROM pg_default_acl JOIN kinds ON type = defaclobjtype LEFT JOIN pg_namespace ON defaclnamespace = pg_namespace.oid,
    aclexplode(defaclacl)
),
moving AS (
  SELECT * FROM defaults WHERE grantee <> role AND (
    grantee IN ${USERS}
    OR role IN ${USERS} AND grantee <> coalesce((SELECT oid FROM owner), 0) AND NOT (
      is_global AND (role, type, grantee, privilege) IN (SELECT role, type, grantee, privilege FROM usual)))
),
given AS (SELECT role, type, grantee, privilege FROM defaults WHERE is_global),
withheld AS (
  SELECT DISTINCT type, grantee = 0 AS of_all, privilege FROM usual
  WHERE (role, type) IN (SELECT defaclrole, defaclobjtype FROM pg_default_acl WHERE defaclnamespace = 0)
    AND (role, type, grantee, privilege) NOT IN (SELECT * FROM given)
)`,
  statements: [
    statements(
      15,
      `${forRole(`CASE WHEN role IN ${USERS} THEN $3::text ELSE pg_get_userbyid(role) END`)}
        format('%s GRANT %s ON %s TO %s%s', place, privilege, objects, ${mapped}, CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)`,
      `FROM moving WHERE NOT (role IN ${OURS} AND grantee IN ${OURS})`,
      { needs: [`CASE WHEN role IN ${USERS} THEN (SELECT oid FROM owner) ELSE role END`] },
    ),
    statements(
      16,
      `${forRole('pg_get_userbyid(role)')} format('%s REVOKE %s ON %s FROM %s', place, privilege, objects, ${nameOf('grantee')})`,
      'FROM moving',
      { needs: ['role'] },
    ),
    statements(
      17,
      `${forRole('rolname')} format(' REVOKE %s ON %s FROM %s', privilege, objects, ${nameOf('grantee')})`,
      `FROM usual WHERE (type, grantee = 0, privilege) IN (SELECT * FROM withheld) AND (
        (role, type) NOT IN (SELECT defaclrole, defaclobjtype FROM pg_default_acl WHERE defaclnamespace = 0)
        OR (role, type, grantee, privilege) IN (SELECT * FROM given))`,
      { needs: ['role'] },
    ),
    `SELECT 18, NULL, string_agg(format('ALTER DEFAULT PRIVILEGES FOR ROLE %s GRANT ALL ON %s TO %I', roles, objects, $3::text), '; '),
      (SELECT array_agg(oid) FROM users), NULL, NULL
    FROM (SELECT objects, string_agg(DISTINCT quote_ident(rolname), ', ') AS roles FROM usual
      WHERE role IN ${USERS} AND grantee = role AND (role, type, (SELECT oid FROM owner), privilege) NOT IN (SELECT * FROM given)
      GROUP BY objects) AS each HAVING count(*) > 0`,
  ],
});
