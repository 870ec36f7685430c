import { expect, it } from 'vitest';
import { describeOnRds, POSTGRES_VERSIONS } from '../postgres-versions.ts';
import type { RdsServer } from '../rds-server.ts';
import { changes, retried, scene } from './scene.ts';

/** The statements that the refusal asks a superuser to run. */
async function byHand(server: RdsServer, failure: { message: string } | undefined): Promise<string> {
  const [, statements = ''] = /Have a superuser run: (.*)\. Or take/.exec(failure?.message ?? '') ?? [];
  await server.superuser.query(statements);
  return statements;
}

describeOnRds(
  'A setting of the first user that only a superuser may set',
  POSTGRES_VERSIONS,
  (server, version) => {
    it.each([
      ['log_statement', "SET log_statement = 'all'"],
      ['session_replication_role', 'SET session_replication_role = replica'],
      ['a setting that no extension declares', "SET myapp.tenant = 'it''s acme'"],
      ['a setting in one database', 'IN DATABASE postgres SET log_min_messages = debug1'],
      ['a list', 'SET session_preload_libraries = auto_explain'],
      ['two of them', 'SET log_error_verbosity = verbose; ALTER ROLE $u SET myapp.region = north'],
    ])(
      'is named in an error before anything changes: %s; it is kept after a superuser runs the statements',
      async (_, setting) => {
        const { user, run, bySuperuser, named } = await scene(server);
        await bySuperuser(`ALTER ROLE $u ${setting}`);
        await bySuperuser('CREATE TABLE $t (); ALTER TABLE $t OWNER TO $u');
        const roles = `SELECT rolname FROM pg_roles WHERE rolname LIKE '$u%'`;
        const failure = await user.failure();
        const [, first = ''] = /([\w.]+) =/.exec(setting) ?? [];
        expect(failure).toEqual({
          code: 'PRIVILEGE',
          message: expect.stringMatching(
            new RegExp(
              `^master may not set .*${first}.* for app_\\w+_clone, so that it is as app_\\w+ has it. Nothing was changed`,
            ),
          ),
        });
        expect(await run(roles)).toEqual([{ rolname: user.first.username }]);
        const statements = await byHand(server, failure);
        expect(statements).toMatch(
          version < 15
            ? /^CREATE ROLE .* LOGIN; GRANT /
            : /^GRANT SET ON PARAMETER \S+(, \S+)? TO master(; GRANT pg_read_all_settings TO master)?$/,
        );
        await retried(user);
        const settings = (name: string) =>
          run(`SELECT setdatabase, ARRAY(SELECT unnest(array_remove(setconfig, 'role=$owner')) ORDER BY 1) AS settings FROM pg_db_role_setting
          JOIN pg_roles ON setrole = pg_roles.oid WHERE rolname = '${name}' AND setconfig <> '{role=$owner}' ORDER BY 1`);
        const kept = await settings('$u');
        expect(kept).not.toEqual([]);
        expect(await settings('$clone')).toEqual(kept);
        expect(await changes(user, server)).toBe('');

        // And the way back.
        await bySuperuser('ALTER ROLE $u RESET ALL; ALTER ROLE $u IN DATABASE postgres RESET ALL');
        const back = await user.failure();
        if (back !== undefined) {
          expect(await byHand(server, back)).toMatch(new RegExp(named('^ALTER ROLE $clone .*RESET ')));
          await retried(user);
        }
        expect(await settings('$clone')).toEqual([]);
        expect(await changes(user, server)).toBe('');
      },
    );
  },
  { settings: { log_statement: 'all' } },
);
