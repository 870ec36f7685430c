import { MEMBERSHIP_OPTIONS, type Plan, statements } from './known.ts';

/**
 * Lists whose items the server quotes one by one: a text would become their only item, so their value comes from the session. All
 * other settings are copied as they were written: a session gives them in another spelling.
 */
const QUOTED_LISTS = "'search_path', 'temp_tablespaces', 'local_preload_libraries', 'session_preload_libraries'";

const isMissing = `rolname = $1::text AND name <> 'role'
  AND NOT EXISTS (SELECT FROM settings WHERE rolname = $2::text AND (place, name, value) = (ours.place, ours.name, ours.value))`;

/** What only a user can have: attributes and settings, as the first user has them. Sessions of both begin in the owner role. */
export const settings = (version: number): Plan => ({
  tables: `
own_schema AS (
  SELECT replace(replace(path, '"$user"', '$user'), '$user', quote_ident($1::text)) AS path,
    CASE WHEN in_database THEN ' IN DATABASE ' || quote_ident(current_database()) ELSE '' END AS place
  FROM paths
  WHERE rolname = $1::text AND strpos(path, '$user') > 0 AND EXISTS (SELECT FROM pg_namespace WHERE nspname = $1::text)
)`,
  statements: [
    statements(
      1,
      `format('ALTER ROLE %I %s', $2::text, words)`,
      `FROM attributes WHERE rolname = $1::text AND words NOT IN (SELECT words FROM attributes WHERE rolname = $2::text)
        ${version < MEMBERSHIP_OPTIONS ? "AND words NOT LIKE '%INHERIT'" : ''}`,
    ),
    statements(
      1,
      `format('ALTER ROLE %I %s', $3::text, words)`,
      `FROM attributes WHERE rolname = $1::text AND words IN ('CREATEDB', 'NOINHERIT')
        AND words NOT IN (SELECT words FROM attributes WHERE rolname = $3::text)`,
    ),
    // Early, since the administrator may not set each of them.
    statements(
      2,
      `format('ALTER ROLE %I%s RESET %I', $2::text, place, name)`,
      `FROM settings AS theirs WHERE rolname = $2::text AND name <> 'role'
        AND NOT EXISTS (SELECT FROM settings WHERE rolname = $1::text AND (place, name) = (theirs.place, theirs.name))`,
      { setting: 'name' },
    ),
    statements(
      2,
      `format('ALTER ROLE %I%s SET %I TO %L', $2::text, place, name, value)`,
      `FROM settings AS ours WHERE name NOT IN (${QUOTED_LISTS}) AND ${isMissing}`,
      { setting: 'name' },
    ),
    `SELECT 2, NULL, format('ALTER ROLE %I%s SET %I FROM CURRENT', $2::text, place, name), '{}', name, value
      FROM settings AS ours WHERE name IN (${QUOTED_LISTS}) AND ${isMissing}`,
    `SELECT 21, NULL, format('ALTER ROLE %I%s SET search_path FROM CURRENT', rolname, place), '{}', 'search_path', path
      FROM users, own_schema`,
    statements(
      22,
      `format('ALTER ROLE %I SET role = %L', rolname, $3::text)`,
      `FROM users WHERE NOT EXISTS (SELECT FROM settings WHERE rolname = users.rolname AND (place, name, value) = ('', 'role', $3::text))`,
    ),
  ],
});
