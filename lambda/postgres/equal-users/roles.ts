import { powerOf } from '../power.ts';
import { RESOLVED, SETTINGS } from './searched-schemas.ts';

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
SELECT rolname, rolcanlogin, ${powerOf('roles.oid')} AS power, owner,
  EXISTS (SELECT FROM users WHERE users.oid <> roles.oid AND pg_has_role(users.oid, roles.oid, 'MEMBER')) AS "hasUser",
  EXISTS (SELECT FROM pg_roles AS other WHERE rolname IN ($1::text, owner) AND other.oid <> roles.oid
    AND pg_has_role(roles.oid, other.oid, 'MEMBER')) AS "isMember",
  ARRAY(SELECT member.rolname::text FROM pg_auth_members AS grants JOIN pg_roles AS member ON grants.member = member.oid
    WHERE grants.roleid = roles.oid AND member.rolname NOT IN ($1::text, $2::text, owner, current_user) AND NOT member.rolsuper
      AND (coalesce(to_jsonb(grants)->>'inherit_option', 'true') = 'true' OR coalesce(to_jsonb(grants)->>'set_option', 'true') = 'true')
    ORDER BY 1) AS members,
  (SELECT schemas FROM resolved WHERE resolved.rolname = roles.rolname) AS schemas,
  current_setting('server_version_num')::int / 10000 AS version
FROM pg_roles AS roles, chosen
WHERE rolname IN ($1::text, $2::text, owner)`;
