import { RESOLVED, SETTINGS } from './searched-schemas.ts';

/** The version from which on a membership has options and a grantor of its own, and CREATEROLE alone changes no role. */
export const MEMBERSHIP_OPTIONS = 16;

/**
 * What the queries that compare the users know: the administrator, the user to go by ($1), the other ($2), the owner role ($3), this
 * database, attributes, settings.
 */
export const KNOWN = `
WITH
me AS (SELECT oid, rolname, rolsuper, rolcreaterole, rolinherit FROM pg_roles WHERE rolname = current_user),
users AS (SELECT oid, rolname, rolinherit FROM pg_roles WHERE rolname IN ($1::text, $2::text)),
owner AS (SELECT oid, rolname, rolinherit FROM pg_roles WHERE rolname = $3::text),
ours AS (SELECT * FROM users UNION SELECT * FROM owner),
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

/** A part of the plan that makes two users equal. */
export interface Plan {
  /** Common table expressions. */
  readonly tables: string;
  /**
   * Queries of statements: their place in the order, who has to run them (null for the administrator), the statement, the roles as
   * whom the administrator has to act for that, the setting that it is about, and the value that the session has to have of it meanwhile.
   */
  readonly statements: readonly string[];
}

/** A query of statements. Each text is SQL. */
export function statements(
  nth: number,
  sql: string,
  rest: string,
  {
    actor = 'NULL',
    needs = [],
    setting = 'NULL',
  }: { readonly actor?: string; readonly needs?: readonly string[]; readonly setting?: string } = {},
): string {
  const roles = needs.length === 0 ? "'{}'::oid[]" : `ARRAY[${needs.join(', ')}]`;
  return `SELECT ${nth}, (${actor})::name, ${sql}, ${roles}, ${setting}, NULL ${rest}`;
}
