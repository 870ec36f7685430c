import { powerOf } from './power.ts';

/** This database, and the settings of every role and database, independently of whose session this is. */
const SETTINGS = `
here AS (SELECT oid FROM pg_database WHERE datname = current_database()),
all_settings AS (
  SELECT setrole, setdatabase, split_part(setting, '=', 1) AS name, substr(setting, strpos(setting, '=') + 1) AS value
  FROM pg_db_role_setting, unnest(setconfig) AS setting
)`;

/** SQL: what a setting is at the beginning of a user's sessions here, as far as roles and databases say so. */
const settingOf = (name: string) => `(
  SELECT value FROM all_settings, here WHERE name = '${name}' AND setrole IN (users.oid, 0) AND setdatabase IN (here.oid, 0)
  ORDER BY setrole = 0, setdatabase = 0 LIMIT 1)`;

/**
 * Where each user's sessions here look for names without a schema: the path as it is set, or else the server's, which shows in this
 * session only if its own user has none; and the schemas that there are of it.
 */
const RESOLVED = `
paths AS (
  SELECT users.rolname, coalesce(nullif(${settingOf('role')}, 'none'), users.rolname::text) AS acts_as,
    coalesce(${settingOf('search_path')}, (
      SELECT CASE WHEN EXISTS (SELECT FROM all_settings JOIN pg_roles ON setrole = pg_roles.oid
        WHERE rolname = session_user AND name = 'search_path') THEN boot_val ELSE reset_val END
      FROM pg_settings WHERE name = 'search_path')) AS path,
    EXISTS (SELECT FROM all_settings, here
      WHERE name = 'search_path' AND setrole = users.oid AND setdatabase = here.oid) AS in_database
  FROM users
),
resolved AS (
  SELECT rolname, ARRAY(
    SELECT nspname::text
    FROM regexp_matches(path, '"((?:[^"]|"")*)"|([^,[:space:]"]+)', 'g') WITH ORDINALITY AS part (words, nth),
      LATERAL (SELECT coalesce(replace(words[1], '""', '"'), lower(words[2])) AS name) AS unquoted
      JOIN pg_namespace ON nspname = CASE WHEN name = '$user' THEN acts_as ELSE name END
    GROUP BY nspname ORDER BY min(nth)) AS schemas
  FROM paths
)`;

/**
 * The roles that there are, of the first user ($1), the second ($2) and the owner role: the one that is declared ($3), or the one
 * that the first user's sessions begin in, if there is one, or that of the first user's name ($4). A user sets its own settings, so
 * they name no role that is yet to be made: it may be somebody else's one day.
 */
export const ROLES = `
WITH users AS (SELECT oid, rolname FROM pg_roles WHERE rolname IN ($1::text, $2::text)), ${SETTINGS}, ${RESOLVED},
chosen AS (SELECT coalesce($3::text, (
  SELECT acting.rolname::text FROM pg_roles AS acting, pg_roles AS first, unnest(first.rolconfig) AS setting
  WHERE first.rolname = $1::text AND setting = 'role=' || acting.rolname), $4::text) AS owner)
SELECT rolname, rolcanlogin, ${powerOf('roles.oid')} AS power, pg_has_role(current_user, oid, 'USAGE') AS joined, owner,
  EXISTS (SELECT FROM users WHERE users.oid <> roles.oid AND pg_has_role(users.oid, roles.oid, 'MEMBER')) AS "hasUser",
  EXISTS (SELECT FROM pg_roles AS other WHERE rolname IN ($1::text, owner) AND other.oid <> roles.oid
    AND pg_has_role(roles.oid, other.oid, 'MEMBER')) AS "isMember",
  ARRAY(SELECT member.rolname::text FROM pg_auth_members AS grants JOIN pg_roles AS member ON grants.member = member.oid
    WHERE grants.roleid = roles.oid AND member.rolname NOT IN ($1::text, $2::text, owner, current_user) AND NOT member.rolsuper
      AND (coalesce(to_jsonb(grants)->>'inherit_option', 'true') = 'true' OR coalesce(to_jsonb(grants)->>'set_option', 'true') = 'true')
    ORDER BY 1) AS members,
  (SELECT schemas FROM resolved WHERE resolved.rolname = roles.rolname) AS schemas,
  (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS "isSuperuser"
FROM pg_roles AS roles, chosen
WHERE rolname IN ($1::text, $2::text, owner)`;

/** What both queries below know: the user to go by ($1), the other ($2), the owner role ($3), this database, attributes, settings. */
const KNOWN = `
WITH
users AS (SELECT oid, rolname FROM pg_roles WHERE rolname IN ($1::text, $2::text)),
owner AS (SELECT oid, rolname FROM pg_roles WHERE rolname = $3::text),
${SETTINGS}, ${RESOLVED},
attributes AS (
  SELECT rolname, words FROM pg_roles, LATERAL (VALUES
    (CASE WHEN rolcreatedb THEN 'CREATEDB' ELSE 'NOCREATEDB' END),
    (CASE WHEN rolinherit THEN 'INHERIT' ELSE 'NOINHERIT' END),
    (format('CONNECTION LIMIT %s', rolconnlimit)),
    (format('VALID UNTIL %L', coalesce(rolvaliduntil::text, 'infinity')))
  ) AS attribute (words)
),
settings AS (
  SELECT rolname, coalesce(' IN DATABASE ' || quote_ident(datname), '') AS place, name, value
  FROM all_settings JOIN users ON setrole = users.oid LEFT JOIN pg_database ON setdatabase = pg_database.oid
)`;

/**
 * Lists whose items the server quotes one by one: a text would become their only item, so their value comes from the session. All
 * other settings are copied as they were written: a session gives them in another spelling.
 */
const QUOTED_LISTS = "'search_path', 'temp_tablespaces', 'local_preload_libraries', 'session_preload_libraries'";

/** The statements, in order, that make the two users equal; none where nothing has changed since the last rotation. */
export const DRIFT = `${KNOWN},
acls AS (
  SELECT CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind, oid::regclass::text AS object, '' AS columns,
    relowner AS owner, relacl AS acl FROM pg_class
  UNION ALL SELECT 'TABLE', attrelid::regclass::text, format(' (%I)', attname), 0, attacl FROM pg_attribute
  UNION ALL SELECT 'SCHEMA', quote_ident(nspname), '', nspowner, nspacl FROM pg_namespace
  UNION ALL SELECT 'DATABASE', quote_ident(datname), '', datdba, datacl FROM pg_database
  UNION ALL SELECT 'TABLESPACE', quote_ident(spcname), '', spcowner, spcacl FROM pg_tablespace
  UNION ALL SELECT 'ROUTINE', oid::regprocedure::text, '', proowner, proacl FROM pg_proc
  UNION ALL SELECT 'TYPE', oid::regtype::text, '', typowner, typacl FROM pg_type
  UNION ALL SELECT 'LANGUAGE', quote_ident(lanname), '', lanowner, lanacl FROM pg_language
  UNION ALL SELECT 'FOREIGN DATA WRAPPER', quote_ident(fdwname), '', fdwowner, fdwacl FROM pg_foreign_data_wrapper
  UNION ALL SELECT 'FOREIGN SERVER', quote_ident(srvname), '', srvowner, srvacl FROM pg_foreign_server
  UNION ALL SELECT 'LARGE OBJECT', oid::text, '', lomowner, lomacl FROM pg_largeobject_metadata
),
grants AS (
  SELECT kind, string_agg(object, ', ' ORDER BY object) AS objects, rolname, is_grantable, privileges FROM (
    SELECT kind, object, rolname, is_grantable,
      string_agg(privilege_type || columns, ', ' ORDER BY privilege_type, columns) AS privileges
    FROM acls, aclexplode(acl) JOIN users ON grantee = users.oid
    WHERE grantee <> owner GROUP BY kind, object, rolname, is_grantable
  ) AS each GROUP BY kind, rolname, is_grantable, privileges
),
memberships AS (
  SELECT roleid, granted.rolname AS role, member.rolname AS member, member.oid AS memberid, bool_or(admin_option) AS admin
  FROM pg_auth_members JOIN pg_roles AS granted ON roleid = granted.oid JOIN pg_roles AS member ON member = member.oid
  GROUP BY 1, 2, 3, 4
),
defaults AS (
  SELECT defaclrole, coalesce(' IN SCHEMA ' || quote_ident(nspname), '') AS place, grantee, privilege_type, is_grantable,
    CASE defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS' WHEN 'T' THEN 'TYPES'
      WHEN 'n' THEN 'SCHEMAS' ELSE 'LARGE OBJECTS' END AS objects
  FROM pg_default_acl LEFT JOIN pg_namespace ON defaclnamespace = pg_namespace.oid, aclexplode(defaclacl)
  WHERE (defaclrole IN (SELECT oid FROM users) OR grantee IN (SELECT oid FROM users)) AND grantee <> defaclrole
    AND (defaclnamespace <> 0 OR (grantee, privilege_type) NOT IN (
      SELECT usual.grantee, usual.privilege_type
      FROM aclexplode(acldefault(CASE defaclobjtype WHEN 'S' THEN 's' ELSE defaclobjtype END, defaclrole)) AS usual))
),
own_schema AS (
  SELECT replace(replace(path, '"$user"', '$user'), '$user', quote_ident($1::text)) AS path,
    CASE WHEN in_database THEN ' IN DATABASE ' || quote_ident(current_database()) ELSE '' END AS place
  FROM paths
  WHERE rolname = $1::text AND strpos(path, '$user') > 0 AND EXISTS (SELECT FROM pg_namespace WHERE nspname = $1::text)
)
SELECT sql, setting, value FROM (
  SELECT 1 AS nth, format('ALTER ROLE %I %s', $2::text, words) AS sql, NULL AS setting, NULL AS value FROM attributes
    WHERE rolname = $1::text AND words NOT IN (SELECT words FROM attributes WHERE rolname = $2::text)
  UNION ALL SELECT 1, format('ALTER ROLE %I %s', $3::text, words), NULL, NULL FROM attributes
    WHERE rolname = $1::text AND words = 'CREATEDB'
      AND words NOT IN (SELECT words FROM attributes WHERE rolname = $3::text)
  UNION ALL SELECT 2, format('REVOKE %I FROM %I', role, member), NULL, NULL FROM memberships
    WHERE role IN ($1::text, $2::text) AND member IN ($1::text, $2::text, $3::text)
  UNION ALL SELECT 3, format('GRANT %I TO %s', $3::text, string_agg(quote_ident(rolname), ', ')), NULL, NULL FROM users
    WHERE NOT EXISTS (SELECT FROM memberships WHERE role = $3::text AND memberid = users.oid) HAVING count(*) > 0
  UNION ALL SELECT 3, format('GRANT %I TO %I%s', role, $3::text, CASE WHEN admin THEN ' WITH ADMIN OPTION' ELSE '' END), NULL, NULL
    FROM memberships WHERE member IN ($1::text, $2::text) AND role NOT IN ($1::text, $2::text, $3::text)
  UNION ALL SELECT 4, format('REVOKE %I FROM %I', role, member), NULL, NULL FROM memberships
    WHERE member IN ($1::text, $2::text) AND role NOT IN ($1::text, $2::text, $3::text)
  UNION ALL SELECT 5, format('REASSIGN OWNED BY %I TO %I', rolname, $3::text), NULL, NULL FROM users
    WHERE EXISTS (SELECT FROM pg_shdepend, here WHERE refclassid = 'pg_authid'::regclass AND refobjid = users.oid
      AND deptype = 'o' AND dbid IN (0, here.oid)
      AND classid NOT IN ('pg_default_acl'::regclass, 'pg_user_mapping'::regclass, 'pg_auth_members'::regclass))
  UNION ALL SELECT 6, format('GRANT %s ON %s %s TO %I%s', privileges, kind, objects, $3::text,
    CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END), NULL, NULL FROM grants
  UNION ALL SELECT 7, format('REVOKE %s ON %s %s FROM %I', privileges, kind, objects, rolname), NULL, NULL FROM grants
  UNION ALL SELECT 8, format('ALTER POLICY %I ON %s TO %s', polname, polrelid::regclass, (
    SELECT string_agg(DISTINCT CASE WHEN role IN (SELECT oid FROM users) THEN quote_ident($3::text) ELSE role::regrole::text END, ', ')
    FROM unnest(polroles) AS role)), NULL, NULL FROM pg_policy WHERE polroles && (SELECT array_agg(oid) FROM users)
  UNION ALL SELECT 9, format('ALTER DEFAULT PRIVILEGES FOR ROLE %I%s GRANT %s ON %s TO %s%s',
    CASE WHEN defaclrole IN (SELECT oid FROM users) THEN $3::text ELSE pg_get_userbyid(defaclrole) END, place, privilege_type, objects,
    CASE WHEN grantee = 0 THEN 'PUBLIC' WHEN grantee IN (SELECT oid FROM users) THEN quote_ident($3::text) ELSE grantee::regrole::text END,
    CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END), NULL, NULL FROM defaults
    WHERE NOT (defaclrole IN (SELECT oid FROM users UNION SELECT oid FROM owner) AND grantee IN (SELECT oid FROM users UNION SELECT oid FROM owner))
  UNION ALL SELECT 10, format('ALTER DEFAULT PRIVILEGES FOR ROLE %I%s REVOKE %s ON %s FROM %s',
    pg_get_userbyid(defaclrole), place, privilege_type, objects,
    CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE grantee::regrole::text END), NULL, NULL FROM defaults
  UNION ALL SELECT 11, format('ALTER ROLE %I%s RESET %I', $2::text, place, name), NULL, NULL FROM settings AS theirs
    WHERE rolname = $2::text AND name <> 'role'
      AND NOT EXISTS (SELECT FROM settings WHERE rolname = $1::text AND (place, name) = (theirs.place, theirs.name))
  UNION ALL SELECT 12, format('ALTER ROLE %I%s SET %I TO %L', $2::text, place, name, value), NULL, NULL FROM settings AS ours
    WHERE name NOT IN (${QUOTED_LISTS}) AND rolname = $1::text AND name <> 'role'
      AND NOT EXISTS (SELECT FROM settings WHERE rolname = $2::text AND (place, name, value) = (ours.place, ours.name, ours.value))
  UNION ALL SELECT 12, format('ALTER ROLE %I%s SET %I FROM CURRENT', $2::text, place, name), name, value FROM settings AS ours
    WHERE name IN (${QUOTED_LISTS}) AND rolname = $1::text AND name <> 'role'
      AND NOT EXISTS (SELECT FROM settings WHERE rolname = $2::text AND (place, name, value) = (ours.place, ours.name, ours.value))
  UNION ALL SELECT 13, format('ALTER ROLE %I%s SET search_path FROM CURRENT', rolname, place), 'search_path', path FROM users, own_schema
  UNION ALL SELECT 14, format('ALTER ROLE %I SET role = %L', rolname, $3::text), NULL, NULL FROM users
    WHERE NOT EXISTS (SELECT FROM settings WHERE rolname = users.rolname AND (place, name, value) = ('', 'role', $3::text))
) AS statements ORDER BY nth, sql`;

/**
 * What is still not equal, in words: nothing, unless there is something that a role cannot be given. And where names without a
 * schema are looked for by whom, if not in the same schemas as before ($4).
 */
export const LEFTOVERS = `${KNOWN}
SELECT DISTINCT format('%s has %s', rolname, CASE WHEN dbid IN (0, here.oid) THEN pg_describe_object(classid, objid, objsubid)
    ELSE format('something in the database %s', (SELECT datname FROM pg_database WHERE oid = dbid)) END) AS what, false AS "isPath"
  FROM pg_shdepend JOIN users ON refobjid = users.oid, here
  WHERE refclassid = 'pg_authid'::regclass AND classid <> 'pg_auth_members'::regclass
UNION SELECT format('%s is not a member of %s', rolname, $3::text), false FROM users
  WHERE NOT pg_has_role(oid, (SELECT oid FROM owner), 'MEMBER')
UNION SELECT format('%s could act as %s', member.rolname, users.rolname), false
  FROM users, (SELECT * FROM users UNION SELECT * FROM owner) AS member
  WHERE member.oid <> users.oid AND pg_has_role(member.oid, users.oid, 'MEMBER')
UNION SELECT format('%s has %s', min(rolname), words), false FROM attributes JOIN users USING (rolname)
  GROUP BY words HAVING count(*) = 1
UNION SELECT format('%s has the setting %s%s', min(rolname), name, place), false FROM settings
  GROUP BY place, name, value HAVING count(*) = 1
UNION SELECT format('%s in %s', rolname, array_to_string(schemas, ', ')), true FROM resolved
  WHERE schemas <> $4::text[]`;
