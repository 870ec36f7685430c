import { MEMBERSHIP_OPTIONS, type Plan, statements } from './known.ts';

/**
 * Both users are members of the owner role and of nothing else: what they were members of, it becomes a member of, with the same
 * options and by the same grantor. What they have granted to others as administrators of a role, it grants.
 */
export const memberships = (version: number): Plan => (version < MEMBERSHIP_OPTIONS ? BEFORE_OPTIONS : WITH_OPTIONS);

const MEMBERSHIPS = `
  SELECT roleid, granted.rolname AS role, pg_auth_members.member, member.rolname AS member_name, grantor, admin_option AS admin
    , %OPTIONS%
  FROM pg_auth_members JOIN pg_roles AS granted ON roleid = granted.oid JOIN pg_roles AS member ON member = member.oid`;

const OURS = '(SELECT oid FROM ours)';
const USERS = '(SELECT oid FROM users)';

/** The first user acts as its sessions do that are open: with what the owner role has, without setting it as their role. */
const BEFORE_OPTIONS: Plan = {
  tables: `memberships AS (${MEMBERSHIPS.replace('%OPTIONS%', 'true AS inherits, true AS sets')})`,
  statements: [
    statements(1, `format('ALTER ROLE %I INHERIT', rolname)`, 'FROM users WHERE NOT rolinherit'),
    statements(
      2,
      `format('REVOKE %I FROM %I', role, member_name)`,
      `FROM memberships WHERE roleid IN ${USERS} AND member IN ${OURS}`,
    ),
    statements(
      3,
      `format('GRANT %I TO %s', $3::text, string_agg(quote_ident(rolname), ', '))`,
      `FROM users WHERE NOT EXISTS (SELECT FROM memberships, owner WHERE roleid = owner.oid AND member = users.oid)
      HAVING count(*) > 0`,
    ),
    statements(
      4,
      `format('GRANT %I TO %I%s', role, $3::text, CASE WHEN bool_or(admin) THEN ' WITH ADMIN OPTION' ELSE '' END)`,
      `FROM memberships WHERE member IN ${USERS} AND roleid NOT IN ${OURS} GROUP BY role`,
    ),
    statements(
      6,
      `format('REVOKE %I FROM %I', role, member_name)`,
      `FROM memberships WHERE member IN ${USERS} AND roleid NOT IN ${OURS}`,
    ),
  ],
};

const OPTIONS = `format(' WITH ADMIN %s, INHERIT %s, SET %s GRANTED BY %I',
  bool_or(admin)::text, bool_or(inherits)::text, bool_or(sets)::text, %BY%)`;

/** A grant is taken back in the name of who made it: nobody else's statement takes it back. */
const WITH_OPTIONS: Plan = {
  tables: `memberships AS (${MEMBERSHIPS.replace('%OPTIONS%', 'inherit_option AS inherits, set_option AS sets')})`,
  statements: [
    statements(
      2,
      `format('REVOKE %I FROM %I GRANTED BY %I CASCADE', role, member_name, pg_get_userbyid(grantor))`,
      `FROM memberships WHERE roleid IN ${USERS} AND member IN ${OURS}`,
      { needs: ['grantor'] },
    ),
    statements(
      3,
      `format('GRANT %I TO %I WITH INHERIT TRUE, SET TRUE', $3::text, rolname)`,
      `FROM users WHERE NOT EXISTS (SELECT FROM memberships, owner WHERE roleid = owner.oid AND member = users.oid
        HAVING bool_or(inherits) AND bool_or(sets))`,
    ),
    statements(
      4,
      `format('GRANT %I TO %I', role, $3::text) || ${OPTIONS.replace('%BY%', 'pg_get_userbyid(grantor)')}`,
      `FROM memberships AS all_of WHERE member IN ${OURS} AND roleid NOT IN ${OURS} AND grantor NOT IN ${OURS}
      GROUP BY role, grantor HAVING bool_or(member IN ${USERS})`,
      { needs: ['grantor'] },
    ),
    statements(
      5,
      `format('GRANT %I TO %I', role, member_name) || ${OPTIONS.replace('%BY%', '$3::text')}`,
      `FROM memberships WHERE grantor IN ${USERS} AND roleid NOT IN ${OURS} AND member NOT IN ${OURS} GROUP BY role, member_name`,
      { needs: ['(SELECT oid FROM owner)'] },
    ),
    statements(
      6,
      `format('REVOKE %I FROM %I GRANTED BY %I CASCADE', role, member_name, pg_get_userbyid(grantor))`,
      `FROM memberships WHERE member IN ${USERS} AND roleid NOT IN ${OURS} AND grantor NOT IN ${USERS}`,
      { needs: ['grantor'] },
    ),
  ],
};
