import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { expect, it } from 'vitest';
import { describeOnRds, POSTGRES_VERSIONS } from '../postgres-versions.ts';
import { changes, retried, scene } from './scene.ts';

/** Names that end a quotation, or are something else without one. */
const ODD = ['Up Per"quo\'te', 'a%I %s $1', "it''s;--", '$user', 'ünï', 'x.y'];

const MAKE = `SET search_path = $s;
  CREATE TABLE part (a int, b text) PARTITION BY LIST (a);
  CREATE TABLE part_1 PARTITION OF part FOR VALUES IN (1) PARTITION BY LIST (b); CREATE TABLE part_1_1 PARTITION OF part_1 DEFAULT;
  CREATE VIEW view AS SELECT 1 AS a; CREATE MATERIALIZED VIEW stored AS SELECT 1 AS a; CREATE SEQUENCE numbers;
  CREATE FOREIGN TABLE far (a int) SERVER $server; CREATE DOMAIN little AS int; CREATE TYPE kind AS ENUM ('a');
  CREATE FUNCTION many(VARIADIC a int[]) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE PROCEDURE run() LANGUAGE sql AS 'SELECT 1';
  CREATE FUNCTION two(OUT a int, OUT b int) LANGUAGE sql AS 'SELECT 1, 2';
  CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int)`;

const OWNED = `; CREATE TYPE pair AS (a int); CREATE TYPE span AS RANGE (subtype = int); CREATE COLLATION letters (locale = 'C');
  CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq); CREATE STATISTICS numbers_of ON a, b FROM part_1_1;
  CREATE TEXT SEARCH DICTIONARY words (template = simple); CREATE TEXT SEARCH CONFIGURATION texts (copy = pg_catalog.simple);
  SELECT lo_create(0)`;

const GRANT = `; GRANT ALL ON ALL TABLES IN SCHEMA $s TO $u WITH GRANT OPTION; GRANT UPDATE (a), SELECT (b) ON part TO $u;
  GRANT ALL ON ALL SEQUENCES IN SCHEMA $s TO $u; GRANT ALL ON ALL ROUTINES IN SCHEMA $s TO $u; GRANT USAGE ON TYPE little, kind TO $u;
  GRANT USAGE ON FOREIGN SERVER $server TO $u; GRANT USAGE ON SCHEMA $s TO $u; GRANT TEMPORARY ON DATABASE postgres TO $u;
  DO $$ DECLARE made oid := lo_create(0); BEGIN EXECUTE format('GRANT SELECT ON LARGE OBJECT %s TO $u', made); END $$`;

describeOnRds(
  'Alternating users by an administrator as on RDS',
  POSTGRES_VERSIONS,
  (server, version) => {
    it('own objects of all kinds that the first user made', async () => {
      const { user, run, bySuperuser, says } = await scene(server);
      await bySuperuser(
        'CREATE FOREIGN DATA WRAPPER $w; GRANT USAGE ON FOREIGN DATA WRAPPER $w TO master WITH GRANT OPTION',
      );
      await run('GRANT USAGE ON FOREIGN DATA WRAPPER $w TO $u; GRANT CREATE ON DATABASE postgres TO $u');
      await run(`CREATE SERVER $server FOREIGN DATA WRAPPER $w; CREATE SCHEMA $s; ${MAKE}${OWNED}`, user.first);
      await user.rotated();
      expect(await changes(user, server)).toBe('');
      expect(await says('ALTER TABLE $s.part ADD c int; DROP SCHEMA $s CASCADE; DROP SERVER $server')).toBe('done');
    });

    it('own their schemas although the administrator cannot create schemas; the rotation is refused if it cannot act as the database owner', async () => {
      const admin = { username: `admin_${randomUUID().slice(0, 8)}`, password: 'of the administrator' };
      const { user, run, bySuperuser, says } = await scene(server, [], { admin });
      await bySuperuser(`CREATE ROLE ${admin.username} LOGIN CREATEROLE PASSWORD '${admin.password}';
        GRANT $u TO ${admin.username} WITH ADMIN OPTION; CREATE SCHEMA $s AUTHORIZATION $u`);
      const failure = await user.failure();
      if (version >= 16) {
        const message = /cannot SET ROLE to master.*as master, (GRANT CREATE ON DATABASE postgres TO admin_\w+)\.$/;
        expect(failure).toEqual({ code: 'PRIVILEGE', message: expect.stringMatching(message) });
        await run(message.exec(failure?.message ?? '')?.[1] ?? '');
        await retried(user);
      }
      expect(await says('CREATE TABLE $s.t ()')).toBe('done');
      const grants = `SELECT 1 FROM pg_database, aclexplode(datacl) WHERE datname = 'postgres' AND grantee = '${admin.username}'::regrole`;
      expect(await run(grants)).toHaveLength(version >= 16 ? 1 : 0);
      expect(await changes(user, server)).toBe('');
    });

    it('are refused if they own an object in the schema of a superuser, until somebody runs the statements in the error', async () => {
      const { user, run, bySuperuser, says } = await scene(server);
      await bySuperuser(
        'CREATE SCHEMA $s; GRANT USAGE ON SCHEMA $s TO PUBLIC; CREATE TABLE $s.t (); ALTER TABLE $s.t OWNER TO $u',
      );
      const failure = await user.failure();
      const message = /As master, (.*); then as a superuser, (GRANT CREATE ON SCHEMA \S+ TO \S+_owner)\.$/;
      expect(failure).toEqual({ code: 'PRIVILEGE', message: expect.stringMatching(message) });
      const [, byAdministrator = '', bySomebody = ''] = message.exec(failure?.message ?? '') ?? [];
      await run(byAdministrator);
      await bySuperuser(bySomebody);
      await retried(user);
      expect(await says('ALTER TABLE $s.t ADD entry int')).toBe('done');
      expect(await changes(user, server)).toBe('');
    });

    it('have grants on objects of all kinds that the first user had', async () => {
      const { user, run, bySuperuser, says } = await scene(server);
      await bySuperuser(
        'CREATE FOREIGN DATA WRAPPER $w; GRANT USAGE ON FOREIGN DATA WRAPPER $w TO master WITH GRANT OPTION',
      );
      await run(`CREATE SERVER $server FOREIGN DATA WRAPPER $w; CREATE SCHEMA $s; ${MAKE}${GRANT}`);
      await user.rotated();
      const use = "SELECT b FROM $s.part; SELECT nextval('$s.numbers'), $s.many(1), $s.total(1); CALL $s.run()";
      expect(await says(use)).toBe('done');
      expect(await changes(user, server)).toBe('');
    });

    it.each(ODD)('can have any name, such as %j, and so can their roles, schemas and tables', async (name) => {
      const username = `${name}${randomUUID().slice(0, 4)}`;
      const { user } = await scene(server, [], { username });
      const [u, giver, team, schema, table] = ['', 'g"', 't"', 's"', "t'"].map((start) =>
        pg.escapeIdentifier(start + username),
      );
      await server.query(`CREATE ROLE ${team}; CREATE ROLE ${giver}; GRANT ${team} TO ${giver} WITH ADMIN OPTION; CREATE SCHEMA ${schema};
        GRANT USAGE, CREATE ON SCHEMA ${schema} TO ${u}, ${giver}; CREATE TABLE ${schema}.${table} ("c,""ol" int);
        GRANT SELECT ("c,""ol") ON ${schema}.${table} TO ${giver} WITH GRANT OPTION`);
      await server.superuser.query(
        `SET ROLE ${giver}; GRANT ${team} TO ${u}; GRANT SELECT ("c,""ol") ON ${schema}.${table} TO ${u} WITH GRANT OPTION`,
      );
      await server.superuser.query(`SET ROLE ${u}; GRANT SELECT ("c,""ol") ON ${schema}.${table} TO PUBLIC; CREATE TABLE ${schema}."o'wn" (a int);
        CREATE POLICY "p q" ON ${schema}."o'wn" TO ${u}, ${team} USING (true);
        ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT SELECT ON TABLES TO ${team}`);
      await user.rotated();
      await user.query(`SELECT "c,""ol" FROM ${schema}.${table}; ALTER TABLE ${schema}."o'wn" ADD b int`);
      expect(await changes(user, server)).toBe('');
    });
  },
  { settings: { log_statement: 'all' } },
);
