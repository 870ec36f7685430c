import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ALTERNATING, rotatedUser, SINGLE, SINGLE_BY_ADMIN } from '../lambda/postgres/rotated-user.ts';
import { rdsServer } from '../rds-server.ts';

const server = await rdsServer();

/** A user that owns the database where its password is rotated. */
async function owner(environment: Readonly<Record<string, string>>) {
  const username = `owner_${randomUUID().slice(0, 8)}`;
  const dbname = `of_${username}`;
  await server.query(`CREATE DATABASE ${dbname}`);
  const user = await rotatedUser(server, { environment, username, secret: { dbname } });
  await server.superuser.query(`ALTER DATABASE ${dbname} OWNER TO ${username}`);
  return {
    user,
    username,
    dbname,
    run: (sql: string) => server.query(sql, { ...user.first, dbname }),
    /** The body of a function that takes what it can when the administrator calls it. */
    trap: (result: string) =>
      `LANGUAGE plpgsql AS $$ BEGIN IF current_user <> '${username}' THEN EXECUTE 'ALTER ROLE ${username} CREATEDB'; END IF; ` +
      `RETURN ${result}; END $$`,
    /** Whether it has what the trap takes: any administrator may give it. */
    hasTaken: async () =>
      (await server.query(`SELECT rolcreatedb FROM pg_roles WHERE rolname = '${username}'`))[0]?.rolcreatedb,
  };
}

describe.each([
  ['a single user', SINGLE_BY_ADMIN],
  ['alternating users', ALTERNATING],
])('The owner of the database, of %s that an administrator changes', { timeout: 120_000 }, (_, environment) => {
  it('has no function or operator run as the administrator by the search_path of the database', async () => {
    const { user, username, dbname, run, trap, hasTaken } = await owner(environment);
    await run(`CREATE SCHEMA evil; GRANT USAGE ON SCHEMA evil TO PUBLIC;
      CREATE FUNCTION evil.hashtext(text) RETURNS int ${trap('1')};
      CREATE FUNCTION evil.pg_backend_pid() RETURNS int ${trap('1')};
      CREATE FUNCTION evil.current_setting(text, boolean) RETURNS text ${trap("''")};
      CREATE FUNCTION evil.quote_ident(text) RETURNS text ${trap("''")};
      CREATE VIEW evil.pg_roles AS SELECT * FROM pg_catalog.pg_roles WHERE evil.hashtext(rolname) > 0;
      ${['name', 'oid', 'text', 'int']
        .map(
          (type) => `CREATE FUNCTION evil.same(${type}, ${type}) RETURNS boolean ${trap('false')};
        CREATE OPERATOR evil.= (LEFTARG = ${type}, RIGHTARG = ${type}, FUNCTION = evil.same)`,
        )
        .join('; ')};
      ALTER DATABASE ${dbname} SET search_path = evil, pg_catalog;
      ALTER ROLE ${username} SET search_path = evil, pg_catalog`);
    await user.rotated();
    expect(await hasTaken()).toBe(false);
  });

  it('has no function run as the administrator by an overload in public', async () => {
    const { user, run, trap, hasTaken } = await owner(environment);
    for (const signature of [
      'json_build_object(text, name, text, text) RETURNS json',
      'hashtext(varchar) RETURNS int',
      'pg_has_role(oid, oid, varchar) RETURNS boolean',
      'current_setting(varchar, boolean) RETURNS text',
    ])
      await run(`CREATE FUNCTION public.${signature} ${trap('NULL')}`);
    await server.superuser.query(`GRANT pg_read_server_files TO ${user.first.username}`);
    expect(await user.failure()).toMatchObject({
      message: expect.stringMatching(/is a member of pg_read_server_files/),
    });
    expect(await hasTaken()).toBe(false);
  });

  it.each([
    'role = $u',
    'session_authorization = $u',
    'statement_timeout = 1',
    'lock_timeout = 1',
    'default_transaction_read_only = on',
    'standard_conforming_strings = off',
    "client_encoding = 'SJIS'",
  ])('changes nothing in the session of the administrator with ALTER DATABASE SET %s', async (setting) => {
    const { user, username, dbname, run } = await owner(environment);
    await run(`ALTER DATABASE ${dbname} SET ${setting.replace('$u', username)}`);
    const login = await user.rotated();
    expect(await server.accepts(login)).toBe(true);
  });
});

describe('The owner of the database', { timeout: 120_000 }, () => {
  it('learns no other password from the administrator', async () => {
    await server.query(`CREATE ROLE billing LOGIN PASSWORD 'of billing'`);
    const { user, dbname, run } = await owner(SINGLE_BY_ADMIN);
    await run(`CREATE SCHEMA evil; GRANT USAGE ON SCHEMA evil TO PUBLIC;
      CREATE FUNCTION evil.hashtext(text) RETURNS int LANGUAGE plpgsql AS $$ BEGIN
        IF current_user = 'master' THEN EXECUTE 'ALTER ROLE billing PASSWORD ''known'''; END IF; RETURN 1; END $$;
      ALTER DATABASE ${dbname} SET search_path = evil, pg_catalog`);
    await user.rotated();
    expect(await server.accepts({ username: 'billing', password: 'known' })).toBe(false);
    expect(await server.accepts({ username: 'billing', password: 'of billing' })).toBe(true);
  });

  it('runs nothing in the session of a single user without an administrator either', async () => {
    const { user, dbname, run, trap } = await owner(SINGLE);
    await run(`CREATE SCHEMA evil; CREATE FUNCTION evil.hashtext(text) RETURNS int ${trap('1 / 0')};
      ALTER DATABASE ${dbname} SET search_path = evil, pg_catalog`);
    await user.rotated();
  });
});

describe('A server that lets the function in without a password', { timeout: 120_000 }, () => {
  it.each([
    ['a single user', SINGLE],
    ['a single user with an administrator', SINGLE_BY_ADMIN],
    ['alternating users', ALTERNATING],
  ])('proves nothing: the rotation of %s fails, and says so', async (_, environment) => {
    const user = await rotatedUser(server, { environment });
    const [{ hba_file: file } = {}] = await server.superuser.query('SHOW hba_file');
    const method = async (name: string) => {
      await server.superuser.query(`COPY (VALUES ('host all all all ${name}')) TO '${file}'; SELECT pg_reload_conf()`);
    };
    await method('trust');
    try {
      await expect.poll(() => server.accepts({ ...user.first, password: 'wrong' })).toBe(true);
      expect(await user.failure()).toEqual({
        code: 'CONFIGURATION',
        message: expect.stringMatching(/lets the function in without a password.*scram-sha-256/),
      });
    } finally {
      await method('scram-sha-256');
      await expect.poll(() => server.accepts({ ...user.first, password: 'wrong' })).toBe(false);
    }
    expect(await server.accepts(user.first)).toBe(true);
  });
});
