import { expect, it } from 'vitest';
import { describeOnRds, POSTGRES_VERSIONS } from '../postgres-versions.ts';
import { changes, retried, scene } from './scene.ts';

describeOnRds(
  'Alternating users by an administrator as on RDS',
  POSTGRES_VERSIONS,
  (server, version) => {
    it.each([
      ['may still create there', ''],
      ['may no longer create there', 'REVOKE CREATE ON SCHEMA $s FROM $u'],
    ])('own what the first user has made in a schema of others, if it %s', async (_, revoke) => {
      const { user, run } = await scene(server);
      await run('CREATE SCHEMA $s; GRANT USAGE, CREATE ON SCHEMA $s TO $u');
      await run(
        `CREATE FUNCTION $s.one() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TABLE $s.t (); CREATE TYPE $s.e AS ENUM ()`,
        user.first,
      );
      await run(revoke);
      await user.rotated();
      await run(
        `ALTER FUNCTION $s.one() STABLE; ALTER TABLE $s.t ADD a int; ALTER TYPE $s.e ADD VALUE 'a'`,
        await user.login(),
      );
      expect(await run(`SELECT has_schema_privilege('$owner', '$s', 'CREATE') AS may`)).toEqual([
        { may: revoke === '' },
      ]);
      expect(await changes(user, server)).toBe('');
    });

    it('can use at once what a session opened before the first rotation creates, and own it after the next one', async () => {
      const { user, run, named, says } = await scene(server);
      await run('GRANT CREATE ON SCHEMA public TO $u; GRANT CREATE ON DATABASE postgres TO $u');
      const open = await server.login(user.first);
      await user.rotated();
      await open.query(
        named(`CREATE TABLE $late (id serial, entry int); CREATE TYPE $kind AS ENUM ('a'); CREATE SCHEMA $s;
        CREATE FUNCTION $one() RETURNS int LANGUAGE sql AS 'SELECT 1'; REVOKE ALL ON FUNCTION $one() FROM PUBLIC`),
      );
      await open.end();
      const use = 'INSERT INTO $late (entry) SELECT $one(); CREATE TABLE $s.t (kind $kind); DROP TABLE $s.t';
      expect(await says(use)).toBe('done');
      expect(await says('ALTER TABLE $late ADD other int')).toMatch(/must be owner/);
      await user.rotated();
      expect(await says(`${use}; ALTER TABLE $late ADD other int`)).toBe('done');
      expect(await changes(user, server)).toBe('');
    });

    it('keep each grant, its grantor, and what the first user has granted on', async () => {
      const { user, run, as, named, says } = await scene(server, ['giver', 'taker', 'last']);
      await run('CREATE TABLE $t AS SELECT 1 AS a, 2 AS b; GRANT SELECT ON $t TO $giver WITH GRANT OPTION');
      await run('GRANT SELECT ON $t TO $u WITH GRANT OPTION', as('giver'));
      await run('GRANT SELECT ON $t TO $taker WITH GRANT OPTION; GRANT SELECT (b) ON $t TO PUBLIC', user.first);
      await run('GRANT SELECT ON $t TO $last', as('taker'));
      await user.rotated();
      expect(await says('SELECT * FROM $t')).toBe('done');
      const entries = `SELECT grantor::regrole::text, grantee::regrole::text, is_grantable FROM pg_class, aclexplode(relacl)
      WHERE oid = '$t'::regclass AND grantee <> relowner UNION ALL SELECT grantor::regrole::text, grantee::regrole::text, is_grantable
      FROM pg_attribute, aclexplode(attacl) WHERE attrelid = '$t'::regclass`;
      const rows = [
        { grantor: 'master', grantee: named('$giver'), is_grantable: true },
        { grantor: named('$giver'), grantee: named('$owner'), is_grantable: true },
        { grantor: named('$owner'), grantee: named('$taker'), is_grantable: true },
        { grantor: named('$taker'), grantee: named('$last'), is_grantable: false },
        { grantor: named('$owner'), grantee: '-', is_grantable: false },
      ];
      expect(await run(entries)).toHaveLength(rows.length);
      expect(await run(entries)).toEqual(expect.arrayContaining(rows));
      expect(await changes(user, server)).toBe('');
    });

    it('give others what the first user gave by default, and withhold what it withheld', async () => {
      const { user, run, named } = await scene(server, ['reader']);
      await run('GRANT CREATE ON SCHEMA public TO $u');
      await run(
        `ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC; ALTER DEFAULT PRIVILEGES REVOKE USAGE ON TYPES FROM PUBLIC;
      ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO $reader WITH GRANT OPTION;
      ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO $reader`,
        user.first,
      );
      const open = await server.login(user.first);
      for (const turn of ['a', 'b']) {
        await user.rotated();
        const make = `CREATE FUNCTION $f${turn}() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TABLE $t${turn} ()`;
        await run(make, await user.login());
        const grantees = `SELECT grantee::regrole::text AS to FROM pg_proc, aclexplode(proacl) WHERE proname = '$f${turn}' UNION ALL
        SELECT grantee::regrole::text FROM pg_class, aclexplode(relacl) WHERE relname = '$t${turn}' AND grantee <> relowner`;
        const found = (await run(grantees)).map(({ to }) => to);
        expect(found.toSorted()).toEqual([named('$reader'), named('$reader'), named('$owner')].toSorted());
      }
      await open.query(named(`CREATE FUNCTION $open() RETURNS int LANGUAGE sql AS 'SELECT 1'`));
      await open.end();
      expect(await run(`SELECT has_function_privilege('$reader', '$open()', 'EXECUTE') AS may`)).toEqual([
        { may: false },
      ]);
      await user.rotated();
      expect(await changes(user, server)).toBe('');
    });

    it('have what others own and grant, through a membership that the administrator gives up again', async () => {
      const { user, run, as, says } = await scene(server, ['bob']);
      await run('GRANT CREATE ON SCHEMA public TO $bob');
      await run(
        `CREATE TABLE $t (entry int); GRANT SELECT ON $t TO $u; ALTER TABLE $t ENABLE ROW LEVEL SECURITY;
      CREATE POLICY own ON $t TO $u USING (true); ALTER DEFAULT PRIVILEGES GRANT INSERT ON TABLES TO $u`,
        as('bob'),
      );
      await user.rotated();
      await run('CREATE TABLE $later (entry int)', as('bob'));
      expect(await says('SELECT * FROM $t; INSERT INTO $later VALUES (1)')).toBe('done');
      const held = `SELECT 1 FROM pg_auth_members WHERE member = 'master'::regrole AND grantor = 'master'::regrole`;
      expect(await run(version < 16 ? `${held} AND roleid = '$bob'::regrole` : held)).toEqual([]);
      expect(await changes(user, server)).toBe('');
    });

    it('are refused if a superuser has granted something, with the statements that a superuser has to run', async () => {
      const { user, bySuperuser, says } = await scene(server);
      await bySuperuser('CREATE TABLE $t (); GRANT SELECT ON $t TO $u');
      const failure = await user.failure();
      expect(failure).toMatchObject({
        code: 'PRIVILEGE',
        message: expect.stringMatching(/master cannot SET ROLE to postgres/),
      });
      const [, byAdministrator = '', bySomebody = ''] =
        /As master, (.*); then as a superuser, (.*)\.$/.exec(failure?.message ?? '') ?? [];
      await server.query(byAdministrator);
      await bySuperuser(bySomebody);
      await retried(user);
      expect(await says('SELECT * FROM $t')).toBe('done');
    });
  },
  { settings: { log_statement: 'all' } },
);

describeOnRds(
  'Alternating users by an administrator as on RDS',
  [15, 16, 17, 18],
  (server) => {
    it('have grants on settings of the server, and are refused by name if the administrator may not grant them', async () => {
      const { user, run, bySuperuser, named, says } = await scene(server);
      await bySuperuser('GRANT SET ON PARAMETER log_statement TO $u');
      expect(await user.failure()).toEqual({
        code: 'PRIVILEGE',
        message: expect.stringContaining(
          named(
            'as a superuser, GRANT SET ON PARAMETER log_statement TO $owner; REVOKE SET ON PARAMETER log_statement FROM $u CASCADE.',
          ),
        ),
      });
      expect(await run(`SELECT 1 FROM pg_roles WHERE rolname = '$owner'`)).toEqual([]);
      await bySuperuser(
        'REVOKE SET ON PARAMETER log_statement FROM $u; GRANT SET ON PARAMETER log_statement TO master WITH GRANT OPTION',
      );
      await run('GRANT SET ON PARAMETER log_statement TO $u');
      await retried(user);
      expect(await says("SET log_statement = 'none'")).toBe('done');
      await user.rotated();
      expect(await says("SET log_statement = 'none'")).toBe('done');
      expect(await changes(user, server)).toBe('');
    });
  },
  { settings: { log_statement: 'all' } },
);
