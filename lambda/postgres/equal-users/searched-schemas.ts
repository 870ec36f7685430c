/** This database, and the settings of every role and database, independently of whose session this is. */
export const SETTINGS = `
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
export const RESOLVED = `
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
