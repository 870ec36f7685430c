import { defaultPrivileges } from './default-privileges.ts';
import { KNOWN, MEMBERSHIP_OPTIONS } from './known.ts';
import { IS_TEMPORARY } from './temporary.ts';

/**
 * What is still not equal, in words: nothing, unless there is something that a role cannot be given. And where names without a
 * schema are looked for by whom, if not in the same schemas as before ($4).
 */
export const leftovers = (version: number): string => `${KNOWN}, ${defaultPrivileges(version).tables}
SELECT DISTINCT format('%s has %s', rolname, CASE WHEN dbid IN (0, here.oid) THEN pg_describe_object(classid, objid, objsubid)
    ELSE format('something in the database %s', (SELECT datname FROM pg_database WHERE oid = dbid)) END) AS what, false AS "isPath"
  FROM pg_shdepend JOIN users ON refobjid = users.oid, here
  WHERE refclassid = 'pg_authid'::regclass AND classid <> 'pg_auth_members'::regclass
    AND CASE WHEN dbid = here.oid THEN (${IS_TEMPORARY}) IS NOT TRUE ELSE true END
    -- What ends while this is read, such as a temporary table, has no description any more.
    AND CASE WHEN dbid IN (0, here.oid) THEN pg_describe_object(classid, objid, objsubid) IS NOT NULL ELSE true END
    AND NOT (classid = 'pg_default_acl'::regclass AND dbid = here.oid AND objid NOT IN (SELECT objid FROM moving))
UNION SELECT format('%s is not a member of %s with all that it has', users.rolname, $3::text), false FROM users, owner
  WHERE NOT pg_has_role(users.oid, owner.oid, 'USAGE') OR NOT pg_has_role(users.oid, owner.oid, '${version < MEMBERSHIP_OPTIONS ? 'MEMBER' : 'SET'}')
UNION SELECT format('%s is a member of %s', users.rolname, pg_get_userbyid(roleid)), false FROM pg_auth_members JOIN users ON member = users.oid
  WHERE roleid NOT IN (SELECT oid FROM ours)
UNION SELECT format('%s could act as %s', member.rolname, users.rolname), false
  FROM users, ours AS member
  WHERE member.oid <> users.oid AND pg_has_role(member.oid, users.oid, 'MEMBER')
UNION SELECT format('%s has %s', min(rolname), words), false FROM attributes JOIN users USING (rolname)
  GROUP BY words HAVING count(*) = 1
UNION SELECT format('%s has the setting %s%s', min(rolname), name, place), false FROM settings
  GROUP BY place, name, value HAVING count(*) = 1
UNION SELECT format('%s in %s', rolname, array_to_string(schemas, ', ')), true FROM resolved
  WHERE schemas <> $4::text[]`;
