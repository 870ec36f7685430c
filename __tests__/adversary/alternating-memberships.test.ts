import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { ALTERNATING } from '../lambda/postgres/rotated-user.ts';
import { describeOnRds, POSTGRES_VERSIONS } from '../postgres-versions.ts';
import { changes, retried, said, scene } from './scene.ts';

describeOnRds(
  'Alternating users by an administrator as on RDS',
  POSTGRES_VERSIONS,
  (server) => {
    it('are refused if the first user is in a role with CREATEROLE, with the reason', async () => {
      const { user, bySuperuser } = await scene(server);
      await bySuperuser('CREATE ROLE $maker CREATEROLE; GRANT $maker TO $u');
      expect(await user.failure()).toEqual({
        code: 'CONFIGURATION',
        message: expect.stringMatching(
          /is a member of maker_app_\w+, which has CREATEROLE, so it could change the passwords of other users/,
        ),
      });
      expect(await bySuperuser("SELECT 1 FROM pg_roles WHERE rolname IN ('$owner', '$clone')")).toEqual([]);
    });

    it('are refused if others are members of their owner role, who would get what the users own', async () => {
      const { user, run, named } = await scene(server, ['other']);
      await run('CREATE ROLE $owner; GRANT $owner TO $u, $other');
      expect(await user.failure()).toEqual({
        code: 'CONFIGURATION',
        message: expect.stringContaining(
          named("$other also has what $owner has, so it would get the users' own tables"),
        ),
      });
      expect(await run("SELECT 1 FROM pg_roles WHERE rolname = '$clone'")).toEqual([]);
    });

    it('keep no membership of their own, no matter who granted it', async () => {
      const { user, run, as, named } = await scene(server, ['third']);
      await run('CREATE ROLE $team; GRANT $team TO $third WITH ADMIN OPTION');
      await run('GRANT $team TO $u', as('third'));
      await run('GRANT $team TO $u');
      await user.rotated();
      const members = `SELECT DISTINCT member.rolname AS name FROM pg_auth_members JOIN pg_roles AS member ON member = member.oid
      WHERE roleid = '$team'::regrole AND member.rolname LIKE '$u%'`;
      expect(await run(members)).toEqual([{ name: named('$owner') }]);
      for (const grantor of [as('third'), undefined]) await run('REVOKE $team FROM $owner', grantor);
      expect(await run(members)).toEqual([]);
      expect(await changes(user, server)).toBe('');
    });

    it('are made of a NOINHERIT user without a refusal for its open sessions, and inherit no more than before', async () => {
      const { user, run, named, says } = await scene(server);
      await run('ALTER ROLE $u NOINHERIT; CREATE ROLE $team; GRANT $team TO $u; GRANT CREATE ON SCHEMA public TO $u');
      await run(
        'CREATE TABLE $granted (); CREATE TABLE $teams (); GRANT SELECT ON $granted TO $u; GRANT SELECT ON $teams TO $team',
      );
      const open = await server.login(user.first);
      await open.query(named('CREATE TABLE $own ()'));
      await user.rotated();
      const denied = named('permission denied for table $teams');
      for (const ask of [(sql: string) => said(open.query(named(sql))), says]) {
        expect(await ask('SELECT * FROM $granted; ALTER TABLE $own ADD entry int; ALTER TABLE $own DROP entry')).toBe(
          'done',
        );
        expect(await ask('SELECT * FROM $teams')).toBe(denied);
        expect(await ask('SET ROLE $team; SELECT * FROM $teams; RESET ROLE')).toBe('done');
      }
      await open.end();
      expect(await changes(user, server)).toBe('');
    });

    it('keep the memberships that the first user has granted to others', async () => {
      const { user, run, as, named } = await scene(server, ['friend']);
      await run(
        'CREATE ROLE $team; GRANT $team TO $u WITH ADMIN OPTION; CREATE TABLE $t (); GRANT SELECT ON $t TO $team',
      );
      await run('GRANT $team TO $friend', user.first);
      await user.rotated();
      await run('SELECT * FROM $t', as('friend'));
      await run('REVOKE $team FROM $friend', await user.login());
      expect(await said(run('SELECT * FROM $t', as('friend')))).toBe(named('permission denied for table $t'));
    });

    it('leave an administrator without INHERIT its own memberships, with their options', async () => {
      const admin = { username: `admin_${randomUUID().slice(0, 8)}`, password: 'of the administrator' };
      const { user, bySuperuser, says } = await scene(server, [], { admin });
      await bySuperuser(`CREATE ROLE ${admin.username} LOGIN CREATEROLE CREATEDB NOINHERIT PASSWORD '${admin.password}';
      CREATE ROLE $team; GRANT $team TO ${admin.username}; GRANT $u TO ${admin.username} WITH ADMIN OPTION;
      CREATE SCHEMA $s AUTHORIZATION ${admin.username}; GRANT USAGE ON SCHEMA $s TO $u;
      CREATE TABLE $s.t (); ALTER TABLE $s.t OWNER TO $u`);
      const memberships = () =>
        bySuperuser(`SELECT to_jsonb(pg_auth_members) - 'oid' AS options, rolinherit FROM pg_auth_members
        JOIN pg_roles ON pg_roles.oid = member WHERE rolname = '${admin.username}' AND roleid IN ('$team'::regrole, '$u'::regrole)
        ORDER BY 1::text`);
      const before = await memberships();
      await user.rotated();
      expect(await memberships()).toEqual(before);
      expect(await says('ALTER TABLE $s.t ADD entry int')).toBe('done');
      expect(await changes(user, server)).toBe('');
    });

    it('have the settings of the declared first user, no matter who is current when they are adopted', async () => {
      const username = `app_${randomUUID().slice(0, 8)}`;
      const second = `${username}_clone`;
      const environment = { ...ALTERNATING, USERS: JSON.stringify([username, second]) };
      const secret = { username: second, alternateusername: username };
      const { user, run } = await scene(server, [], { username, environment, secret });
      await run(`CREATE ROLE $clone LOGIN PASSWORD '${user.first.password}'; ALTER ROLE $clone SET statement_timeout = '1s';
      ALTER ROLE $u SET statement_timeout = '17s'`);
      for (const expected of [username, second, username]) {
        expect((await user.rotated()).username).toBe(expected);
        expect(await user.query('SHOW statement_timeout')).toEqual([{ statement_timeout: '17s' }]);
      }
    });
  },
  { settings: { log_statement: 'all' } },
);

describeOnRds(
  'Alternating users by an administrator as on RDS',
  [16, 17, 18],
  (server) => {
    it('are refused if a superuser made the first user, with what lets the administrator change it', async () => {
      const { user, run, bySuperuser, named } = await scene(server);
      await bySuperuser('ALTER ROLE $u RENAME TO $gone; CREATE ROLE $u LOGIN');
      const failure = await user.failure();
      const grant = named('GRANT $u TO master WITH ADMIN OPTION');
      expect(failure).toEqual({ code: 'PRIVILEGE', message: expect.stringContaining(`run: ${grant}.`) });
      expect(await run("SELECT 1 FROM pg_roles WHERE rolname = '$owner'")).toEqual([]);
      await bySuperuser(grant);
      await retried(user);
    });

    it('have memberships with the options that the first user had, and no more', async () => {
      const { user, run, named } = await scene(server);
      await run('CREATE ROLE $none; CREATE ROLE $inherit; CREATE ROLE $admin');
      await run('GRANT $none TO $u WITH INHERIT FALSE, SET FALSE; GRANT $inherit TO $u WITH INHERIT TRUE, SET FALSE');
      await run('GRANT $admin TO $u WITH ADMIN TRUE, INHERIT FALSE, SET TRUE');
      await user.rotated();
      expect(
        await run(`SELECT granted.rolname AS role, admin_option, inherit_option, set_option
        FROM pg_auth_members JOIN pg_roles AS granted ON roleid = granted.oid JOIN pg_roles AS member ON member = member.oid
        WHERE member.rolname LIKE '$u%' AND granted.rolname <> '$owner' ORDER BY 1`),
      ).toEqual([
        { role: named('$admin'), admin_option: true, inherit_option: false, set_option: true },
        { role: named('$inherit'), admin_option: false, inherit_option: true, set_option: false },
        { role: named('$none'), admin_option: false, inherit_option: false, set_option: false },
      ]);
      expect(await changes(user, server)).toBe('');
    });
  },
  { settings: { log_statement: 'all' } },
);
