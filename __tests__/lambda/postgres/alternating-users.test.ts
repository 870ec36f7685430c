import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { rdsServer } from '../../rds-server.ts';
import { ALTERNATING, type RotatedUser, type RotatedUserOptions, rotatedUser } from './rotated-user.ts';

const server = await rdsServer({ settings: { log_statement: 'all', log_connections: 'on' } });

const alternating = (options: Partial<RotatedUserOptions> = {}) =>
  rotatedUser(server, { environment: ALTERNATING, ...options });

/** A table of somebody else's with a row. */
async function table(): Promise<string> {
  const name = `t_${randomUUID().slice(0, 8)}`;
  await server.query(`CREATE TABLE ${name} (entry int); INSERT INTO ${name} VALUES (1)`);
  return name;
}

/** What the SQL gives to the user whose turn it is and, after another rotation, to the other. */
async function bothTurns(user: RotatedUser, sql: string): Promise<unknown[]> {
  const answers: unknown[] = [];
  for (const _ of ['first', 'second']) {
    await user.rotated();
    answers.push(await user.query(sql).catch((error: Error) => error.message));
  }
  return answers;
}

describe('Alternating PostgreSQL users', { timeout: 120_000 }, () => {
  it('alternate with 10 calls, 2 logins and no refused login, and the previous user keeps working', async () => {
    const user = await alternating();
    for (const expected of [`${user.first.username}_clone`, user.first.username]) {
      const before = await user.login();
      const from = server.log().length;
      user.calls.length = 0;
      const now = await user.rotated();
      const log = server.log().slice(from);
      expect(now.username).toBe(expected);
      expect(user.calls).toHaveLength(10);
      expect(log.match(/connection authorized/g)).toHaveLength(2);
      expect(log).not.toMatch(/authentication failed/);
      expect(log).not.toContain(now.password);
      expect([await server.accepts(before), await server.accepts(now)]).toEqual([true, true]);
    }
  });

  it('need nothing but a new password in the next rotation if nothing has changed', async () => {
    const user = await alternating();
    await user.rotated();
    const from = server.log().length;
    const { username } = await user.rotated();
    const changes = server
      .log()
      .slice(from)
      .match(/LOG: {2}statement: (?!SET search_path|COMMIT).*/g);
    expect(changes).toEqual([expect.stringContaining(`ALTER ROLE "${username}" PASSWORD`)]);
  });

  it('both use, change and drop what either of them created, and what the first one owned before', async () => {
    const user = await alternating();
    await server.query('GRANT CREATE ON SCHEMA public TO PUBLIC');
    const old = `old_${user.first.username}`;
    await user.query(`CREATE TABLE ${old} (entry int); INSERT INTO ${old} VALUES (1)`);
    expect(await bothTurns(user, `ALTER TABLE ${old} ALTER entry SET DEFAULT 2; SELECT * FROM ${old}`)).toEqual([
      [{ entry: 1 }],
      [{ entry: 1 }],
    ]);
    await user.rotated();
    await user.query(`CREATE TABLE new_${old} (entry int)`);
    expect(await bothTurns(user, `INSERT INTO new_${old} VALUES (3) RETURNING entry`)).toEqual([
      [{ entry: 3 }],
      [{ entry: 3 }],
    ]);
    await user.query(`DROP TABLE new_${old}`);
  });

  it('have every grant that either of them, or their role, received, and lose what their role loses', async () => {
    const user = await alternating();
    const { username } = user.first;
    await user.rotated();
    for (const grantee of [username, `${username}_clone`, `${username}_owner`]) {
      const name = await table();
      const select = `SELECT entry FROM ${name}`;
      await server.query(`GRANT SELECT ON ${name} TO ${grantee}`);
      expect(await bothTurns(user, select)).toEqual([[{ entry: 1 }], [{ entry: 1 }]]);
      await server.query(`REVOKE SELECT ON ${name} FROM ${username}_owner`);
      expect(await bothTurns(user, select)).toEqual(Array(2).fill(`permission denied for table ${name}`));
    }
  });

  it.each([
    ['columns', 'GRANT SELECT (entry) ON $t TO $u', 'SELECT entry FROM $t', [{ entry: 1 }]],
    [
      'sequences',
      'CREATE SEQUENCE s; GRANT USAGE ON SEQUENCE s TO $u',
      "SELECT nextval('s') > 0 AS ok",
      [{ ok: true }],
    ],
    [
      'schemas and functions',
      "CREATE SCHEMA extra; CREATE FUNCTION extra.one() RETURNS int LANGUAGE sql AS 'SELECT 1'; REVOKE EXECUTE ON FUNCTION extra.one FROM PUBLIC; GRANT USAGE ON SCHEMA extra TO $u; GRANT EXECUTE ON FUNCTION extra.one TO $u",
      'SELECT extra.one()',
      [{ one: 1 }],
    ],
    ['memberships', 'GRANT pg_read_all_data TO $u', 'SELECT entry FROM $t', [{ entry: 1 }]],
    [
      'default privileges',
      'ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO $u; CREATE TABLE later AS SELECT 1 AS entry; GRANT SELECT ON later TO $u',
      'SELECT entry FROM later',
      [{ entry: 1 }],
    ],
    [
      'row security',
      'GRANT SELECT ON $t TO $u; ALTER TABLE $t ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON $t TO $u USING (true)',
      'SELECT entry FROM $t',
      [{ entry: 1 }],
    ],
    [
      'settings',
      "ALTER ROLE $u SET statement_timeout = '17s'",
      'SHOW statement_timeout',
      [{ statement_timeout: '17s' }],
    ],
    [
      'settings for a database',
      "ALTER ROLE $u IN DATABASE postgres SET application_name = 'mine'",
      'SHOW application_name',
      [{ application_name: 'mine' }],
    ],
    [
      'lists in settings',
      `CREATE SCHEMA "My Schema"; ALTER ROLE $u SET search_path = "My Schema", public`,
      'SHOW search_path',
      [{ search_path: '"My Schema", public' }],
    ],
    [
      'a schema of the user’s own name',
      'GRANT $u TO master; CREATE SCHEMA $u AUTHORIZATION $u; CREATE TABLE $u.own AS SELECT 7 AS entry; ALTER TABLE $u.own OWNER TO $u; REVOKE $u FROM master',
      'SELECT entry FROM own',
      [{ entry: 7 }],
    ],
    [
      'attributes',
      "ALTER ROLE $u CONNECTION LIMIT 5 CREATEDB VALID UNTIL '2100-01-01'",
      'SELECT rolconnlimit, rolcreatedb, rolvaliduntil::date::text AS until FROM pg_roles WHERE rolname = session_user',
      [{ rolconnlimit: 5, rolcreatedb: true, until: '2100-01-01' }],
    ],
  ])('share %s', async (_, setUp, sql, expected) => {
    const user = await alternating();
    const name = await table();
    const filled = (text: string) => text.replaceAll('$t', name).replaceAll('$u', user.first.username);
    await server.query(filled(setUp));
    expect(await user.query(filled(sql))).toEqual(expected);
    expect(await bothTurns(user, filled(sql))).toEqual([expected, expected]);
  });

  it('are made equal with a few statements, however many grants there are', async () => {
    const user = await alternating();
    const { username } = user.first;
    await server.query(`CREATE SCHEMA many_${username}`);
    await server.query(`DO $$ BEGIN FOR n IN 1..300 LOOP
      EXECUTE format('CREATE TABLE many_${username}.t%s AS SELECT %s AS entry; GRANT SELECT ON many_${username}.t%s TO ${username}', n, n, n);
    END LOOP; END $$; GRANT USAGE ON SCHEMA many_${username} TO ${username}`);
    const from = server.log().length;
    await user.rotated();
    expect(
      server
        .log()
        .slice(from)
        .match(/LOG: {2}statement: (GRANT|REVOKE) SELECT/g),
    ).toHaveLength(2);
    expect(await user.query(`SELECT entry FROM many_${username}.t300`)).toEqual([{ entry: 300 }]);
  });

  it('cannot change each other’s password, or anybody else’s', async () => {
    const user = await alternating();
    await user.rotated();
    for (const name of [user.first.username, 'postgres']) {
      for (const before of ['', 'SET ROLE NONE; ']) {
        await expect(user.query(`${before}ALTER ROLE ${name} PASSWORD 'mine now'`)).rejects.toThrow(
          /permission denied|must be superuser/,
        );
      }
    }
    await expect(user.query(`SET ROLE ${user.first.username}`)).rejects.toThrow(/permission denied/);
  });

  it('are adopted with their older privileges if they already exist and are declared', async () => {
    const username = `app_${randomUUID().slice(0, 8)}`;
    const declared = { USERS: JSON.stringify([username, `${username}_clone`]), OWNER_ROLE: `${username}_owner` };
    const user = await alternating({ username, environment: { ...ALTERNATING, ...declared } });
    const [kept, extra] = [await table(), await table()];
    await server.query(
      `
      CREATE ROLE ${username}_owner NOLOGIN; CREATE ROLE ${username}_clone LOGIN PASSWORD 'of other days';
      GRANT SELECT ON ${kept} TO ${username}; GRANT SELECT ON ${extra} TO ${username}_owner;
      GRANT ${username} TO ${username}_clone; ALTER ROLE ${username}_clone SET statement_timeout = '1s'`.replace(
        ' CREATEDB',
        '',
      ),
    );
    expect(await bothTurns(user, `SELECT (SELECT entry FROM ${kept}) + (SELECT entry FROM ${extra}) AS sum`)).toEqual([
      [{ sum: 2 }],
      [{ sum: 2 }],
    ]);
    expect(await bothTurns(user, 'SHOW statement_timeout')).toEqual([
      [{ statement_timeout: '0' }],
      [{ statement_timeout: '0' }],
    ]);
  });

  it('have the declared names', async () => {
    const [red, blue] = ['red', 'blue'].map((color) => `${color}_${randomUUID().slice(0, 8)}`);
    const declared = { USERS: JSON.stringify([red, blue]), OWNER_ROLE: `${blue}_team` };
    const user = await alternating({ username: red, environment: { ...ALTERNATING, ...declared } });
    expect(await user.rotated()).toMatchObject({ username: blue });
    expect(await user.query('SELECT current_user')).toEqual([{ current_user: `${blue}_team` }]);
    expect(await user.rotated()).toMatchObject({ username: red });
    expect(await user.rotated()).toMatchObject({ username: blue });
  });

  it('keep the alternateusername of the secret if it has one', async () => {
    const username = `app_${randomUUID().slice(0, 8)}`;
    const secret = { alternateusername: `${username}_clone` };
    const user = await alternating({ username, secret });
    expect(await user.rotated()).toMatchObject({ username: `${username}_clone`, alternateusername: username });
    expect(await user.rotated()).toMatchObject({ username, alternateusername: `${username}_clone` });
  });

  it('are refused if one of them could change the other’s password', async () => {
    const user = await alternating();
    await server.query(`ALTER ROLE ${user.first.username} CREATEROLE`);
    expect(await user.failure()).toMatchObject({ code: 'CONFIGURATION', message: expect.stringMatching(/CREATEROLE/) });
  });

  it('are refused if somebody could log in as their role', async () => {
    const user = await alternating();
    await server.query(`CREATE ROLE ${user.first.username}_owner LOGIN`);
    expect(await user.failure()).toMatchObject({ code: 'CONFIGURATION', message: expect.stringMatching(/can log in/) });
  });

  it('are refused if one has a privilege that no role can be granted; the error names it, and nothing changes', async () => {
    const user = await alternating();
    const { username } = user.first;
    await server.superuser.query(`CREATE FOREIGN DATA WRAPPER w_${username}; CREATE SERVER s_${username} FOREIGN DATA WRAPPER w_${username};
      CREATE USER MAPPING FOR ${username} SERVER s_${username}; CREATE TABLE of_${username} (); ALTER TABLE of_${username} OWNER TO ${username}`);
    expect(await user.failure()).toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringContaining(`user mapping for ${username} on server s_${username}`),
    });
    expect(await server.query(`SELECT tableowner FROM pg_tables WHERE tablename = 'of_${username}'`)).toEqual([
      { tableowner: username },
    ]);
  });

  it('are refused if one owns something in another database; the error names it', async () => {
    const user = await alternating();
    await server.query(`CREATE DATABASE elsewhere_${user.first.username}`);
    const elsewhere = { ...server, dbname: `elsewhere_${user.first.username}` };
    await server.query(`CREATE TABLE t (); GRANT SELECT ON t TO ${user.first.username}`, elsewhere);
    expect(await user.failure()).toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringContaining(elsewhere.dbname),
    });
  });

  it('use the declared administrator that the secret names as masterarn', async () => {
    const admins = ['another', 'administrator'];
    const declared = await alternating({ admins, secret: { masterarn: 'administrator' } });
    expect(await server.accepts(await declared.rotated())).toBe(true);
    const undeclared = await alternating({ admins, secret: { masterarn: 'undeclared' } });
    expect(await undeclared.failure()).toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringMatching(/masterarn is undeclared: expected one of another, administrator/),
    });
  });
});
