import { type Plan, statements } from './known.ts';
import { IS_TEMPORARY } from './temporary.ts';

/** The version from which on there are grants on settings of the server. */
export const GRANTS_ON_PARAMETERS = 15;

const PARAMETERS = `
  UNION ALL SELECT 'PARAMETER', (SELECT string_agg(quote_ident(part), '.') FROM unnest(string_to_array(parname, '.')) AS part), '', 10,
    paracl FROM pg_parameter_acl`;

const USERS = '(SELECT oid FROM users)';
const OURS = '(SELECT oid FROM ours)';

/** Grants that come to the same statement, of which there is one then. */
const grouped = (where: string) => `
  FROM (
    SELECT kind, object, owner, grantor, grantee, is_grantable,
      string_agg(privilege || columns, ', ' ORDER BY privilege, columns) AS privileges
    FROM entries WHERE ${where} GROUP BY kind, object, owner, grantor, grantee, is_grantable
  ) AS each GROUP BY kind, CASE WHEN grantor <> owner THEN grantor END, grantor, grantee, is_grantable, privileges`;

const objects = `string_agg(object, ', ' ORDER BY object)`;
const grantee = `CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END`;
const option = `CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END`;
/** An owner grants in its own name whoever acts for it; others only if they are the session's role. */
const byGrantor = {
  actor: 'CASE WHEN bool_or(grantor <> owner) THEN pg_get_userbyid(grantor) END',
  needs: ['grantor'],
};

/**
 * What the users were granted, the owner role is granted, by the same grantor; what they have granted to others, it grants; and what
 * they own, it owns. Grants come first: on many objects, a new owner must be allowed to create such in the schema.
 */
export const grants = (version: number): Plan => ({
  tables: `
acls AS (
  SELECT CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind, oid::regclass::text AS object, '' AS columns,
    relowner AS owner, relacl AS acl FROM pg_class WHERE relpersistence <> 't'
  UNION ALL SELECT 'TABLE', attrelid::regclass::text, format(' (%I)', attname), relowner, attacl
    FROM pg_attribute JOIN pg_class ON attrelid = pg_class.oid WHERE relpersistence <> 't'
  UNION ALL SELECT 'SCHEMA', quote_ident(nspname), '', nspowner, nspacl FROM pg_namespace
  UNION ALL SELECT 'DATABASE', quote_ident(datname), '', datdba, datacl FROM pg_database
  UNION ALL SELECT 'TABLESPACE', quote_ident(spcname), '', spcowner, spcacl FROM pg_tablespace
  UNION ALL SELECT 'ROUTINE', oid::regprocedure::text, '', proowner, proacl FROM pg_proc
  UNION ALL SELECT 'TYPE', oid::regtype::text, '', typowner, typacl FROM pg_type
  UNION ALL SELECT 'LANGUAGE', quote_ident(lanname), '', lanowner, lanacl FROM pg_language
  UNION ALL SELECT 'FOREIGN DATA WRAPPER', quote_ident(fdwname), '', fdwowner, fdwacl FROM pg_foreign_data_wrapper
  UNION ALL SELECT 'FOREIGN SERVER', quote_ident(srvname), '', srvowner, srvacl FROM pg_foreign_server
  UNION ALL SELECT 'LARGE OBJECT', oid::text, '', lomowner, lomacl FROM pg_largeobject_metadata
  ${version < GRANTS_ON_PARAMETERS ? '' : PARAMETERS}
),
entries AS (
  SELECT kind, object, columns, owner, grantor, grantee, privilege_type AS privilege, is_grantable
  FROM acls, aclexplode(acl) WHERE (grantee IN ${USERS} OR grantor IN ${USERS}) AND grantee <> owner
),
owned AS (
  SELECT users.oid AS owner, rolname, classid, objid FROM pg_shdepend JOIN users ON refobjid = users.oid, here
  WHERE refclassid = 'pg_authid'::regclass AND deptype = 'o' AND dbid IN (0, here.oid)
    AND classid NOT IN ('pg_default_acl'::regclass, 'pg_user_mapping'::regclass, 'pg_auth_members'::regclass)
    AND CASE WHEN dbid = here.oid THEN (${IS_TEMPORARY}) IS NOT TRUE ELSE true END
),
closed_schemas AS (
  SELECT nspname, nspowner FROM pg_namespace, me, owner
  WHERE nspname IN (SELECT (pg_identify_object(classid, objid, 0)).schema FROM owned) AND nspname NOT LIKE 'pg\\_%'
    AND NOT me.rolsuper AND NOT has_schema_privilege(owner.oid, pg_namespace.oid, 'CREATE')
    AND NOT EXISTS (SELECT FROM entries WHERE kind = 'SCHEMA' AND object = quote_ident(nspname) AND privilege = 'CREATE'
      AND grantee IN ${USERS})
),
closed_database AS (
  SELECT datname, datdba FROM pg_database WHERE datname = current_database() AND NOT has_database_privilege(datname, 'CREATE')
    AND EXISTS (SELECT FROM owned WHERE classid = 'pg_namespace'::regclass)
)`,
  statements: [
    // For a schema, it is whoever gives it to a new owner that must be allowed to create one.
    statements(7, `format('GRANT CREATE ON DATABASE %I TO %I', datname, current_user)`, 'FROM closed_database', {
      needs: ['datdba'],
    }),
    statements(13, `format('REVOKE CREATE ON DATABASE %I FROM %I', datname, current_user)`, 'FROM closed_database'),
    statements(7, `format('GRANT CREATE ON SCHEMA %I TO %I', nspname, $3::text)`, 'FROM closed_schemas', {
      needs: ['nspowner'],
    }),
    statements(
      8,
      `format('GRANT %s ON %s %s TO %I%s', privileges, kind, ${objects}, $3::text, ${option})`,
      grouped(
        `grantee IN ${USERS} AND owner IS DISTINCT FROM (SELECT oid FROM owner) AND (grantor = owner OR grantor NOT IN ${OURS})`,
      ),
      byGrantor,
    ),
    statements(
      9,
      `format('GRANT %s ON %s %s TO %s%s', privileges, kind, ${objects}, ${grantee}, ${option})`,
      grouped(`grantor IN ${USERS} AND grantor <> owner AND grantee NOT IN ${OURS}`),
      { actor: '$3::text', needs: ['(SELECT oid FROM owner)'] },
    ),
    statements(10, `format('REASSIGN OWNED BY %I TO %I', rolname, $3::text)`, 'FROM owned GROUP BY rolname, owner', {
      needs: ['owner', '(SELECT oid FROM owner)'],
    }),
    ...[
      `grantor IN ${USERS} AND grantor <> owner`,
      `grantee IN ${USERS} AND (grantor = owner OR grantor NOT IN ${USERS})`,
    ].map((where, index) =>
      statements(
        11 + index,
        `format('REVOKE %s ON %s %s FROM %s CASCADE', privileges, kind, ${objects}, ${grantee})`,
        grouped(where),
        byGrantor,
      ),
    ),
    statements(
      13,
      `format('REVOKE CREATE ON SCHEMA %I FROM %I', nspname, $3::text)`,
      `FROM closed_schemas WHERE nspowner NOT IN ${USERS}`,
    ),
    statements(
      14,
      `format('ALTER POLICY %I ON %s TO %s', polname, polrelid::regclass, (
        SELECT string_agg(DISTINCT CASE WHEN role IN ${USERS} THEN quote_ident($3::text) WHEN role = 0 THEN 'PUBLIC'
          ELSE quote_ident(pg_get_userbyid(role)) END, ', ')
        FROM unnest(polroles) AS role))`,
      `FROM pg_policy JOIN pg_class ON polrelid = pg_class.oid WHERE polroles && (SELECT array_agg(oid) FROM users)`,
      { needs: [`CASE WHEN relowner IN ${USERS} THEN (SELECT oid FROM owner) ELSE relowner END`] },
    ),
  ],
});
