import { defaultPrivileges } from './default-privileges.ts';
import { grants } from './grants.ts';
import { KNOWN, MEMBERSHIP_OPTIONS } from './known.ts';
import { memberships } from './memberships.ts';
import { settings } from './settings.ts';

/**
 * As whom the administrator has to act, and whether it may: it has what that role has and could set it, or becomes a member of it
 * until all is done. Its own membership, where it has one, then is as it was before.
 */
const BEFORE_OPTIONS = `
actors AS (
  SELECT roles.oid, roles.rolname, roles.rolsuper,
    me.rolsuper OR roles.oid = me.oid OR pg_has_role(me.oid, roles.oid, 'USAGE') AS is_joined,
    me.rolcreaterole AND NOT roles.rolsuper AND roles.rolname <> 'pg_database_owner' AND NOT pg_has_role(roles.oid, me.oid, 'MEMBER')
      AS may_join,
    EXISTS (SELECT FROM pg_auth_members WHERE roleid = roles.oid AND member = me.oid) AS is_member
  FROM pg_roles AS roles, me WHERE roles.oid IN (SELECT unnest(needs) FROM statements)
),
joins AS (
  SELECT format('GRANT %I TO CURRENT_USER', rolname) AS enter, format('REVOKE %I FROM CURRENT_USER', rolname) AS leave
  FROM actors WHERE NOT is_joined AND may_join AND NOT is_member
  UNION ALL SELECT 'ALTER ROLE CURRENT_USER INHERIT', 'ALTER ROLE CURRENT_USER NOINHERIT'
  FROM me WHERE NOT rolinherit AND EXISTS (SELECT FROM actors WHERE NOT is_joined)
)`;

const WITH_OPTIONS = `
actors AS (
  SELECT roles.oid, roles.rolname, roles.rolsuper, by, by IS NOT NULL AS may_join,
    me.rolsuper OR roles.oid = me.oid OR pg_has_role(me.oid, roles.oid, 'USAGE') AND pg_has_role(me.oid, roles.oid, 'SET') AS is_joined
  FROM me, pg_roles AS roles LEFT JOIN LATERAL (
    SELECT member AS by FROM pg_auth_members, me
    WHERE roleid = roles.oid AND admin_option AND pg_has_role(me.oid, member, 'USAGE') AND NOT pg_has_role(roles.oid, me.oid, 'MEMBER')
    ORDER BY member <> me.oid, member LIMIT 1) AS administrators ON true
  WHERE roles.oid IN (SELECT unnest(needs) FROM statements)
),
joins AS (
  SELECT format('GRANT %I TO CURRENT_USER WITH INHERIT TRUE, SET TRUE GRANTED BY %I', actors.rolname, pg_get_userbyid(by)) AS enter,
    CASE WHEN grants.oid IS NULL THEN format('REVOKE %I FROM CURRENT_USER GRANTED BY %I', actors.rolname, pg_get_userbyid(by))
      ELSE format('GRANT %I TO CURRENT_USER WITH INHERIT %s, SET %s GRANTED BY %I',
        actors.rolname, inherit_option::text, set_option::text, pg_get_userbyid(by)) END AS leave
  FROM me, actors LEFT JOIN pg_auth_members AS grants ON roleid = actors.oid AND grantor = by AND member = (SELECT oid FROM me)
  WHERE NOT is_joined AND may_join
)`;

/**
 * The statements, in order, that make the two users equal; none where nothing has changed since the last rotation. And, of each, the
 * roles as whom the administrator would have to act but may not.
 */
export function drift(version: number): string {
  const plans = [memberships, grants, defaultPrivileges, settings].map((plan) => plan(version));
  return `${KNOWN},
${plans.map(({ tables }) => tables).join(',')},
statements (nth, actor, sql, needs, setting, value) AS (
${plans.flatMap((plan) => plan.statements).join('\nUNION ALL ')}
),
${version < MEMBERSHIP_OPTIONS ? BEFORE_OPTIONS : WITH_OPTIONS}
SELECT actor::text, sql, setting, value, ARRAY(
  SELECT json_build_object('role', rolname, 'isSuperuser', rolsuper) FROM actors
  WHERE oid = ANY (needs) AND NOT is_joined AND NOT may_join ORDER BY rolname) AS closed
FROM (
  SELECT * FROM statements
  UNION ALL SELECT 0, NULL, enter, '{}', NULL, NULL FROM joins
  UNION ALL SELECT 99, NULL, leave, '{}', NULL, NULL FROM joins
) AS steps ORDER BY nth, sql`;
}
