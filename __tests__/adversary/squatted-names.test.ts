import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ALTERNATING, rotatedUser } from '../lambda/postgres/rotated-user.ts';
import { rdsServer } from '../rds-server.ts';

const server = await rdsServer();

const exists = async (name: string) =>
  (await server.query(`SELECT 1 FROM pg_roles WHERE rolname = '${name}'`)).length > 0;

describe('An alternating user', { timeout: 120_000 }, () => {
  it.each(['', '_b', '_clone', '_owner'])(
    'gets no role created by setting it as its own role, such as NAME%s',
    async (end) => {
      const evil = await rotatedUser(server, { environment: ALTERNATING });
      const name = `victim_${randomUUID().slice(0, 8)}`;
      await server.query(`ALTER ROLE ${evil.first.username} SET role = '${name}${end}'`, evil.first);
      await evil.rotated();
      expect(await exists(`${name}${end}`)).toBe(false);
      const victim = await rotatedUser(server, { environment: ALTERNATING, username: name });
      await victim.rotated();
      await server.query('GRANT CREATE ON SCHEMA public TO PUBLIC');
      await server.query(`CREATE TABLE public.of_${name} AS SELECT 1`, await victim.login());
      await expect(server.query(`SELECT * FROM public.of_${name}`, await evil.login())).rejects.toThrow(
        /permission denied/,
      );
    },
  );

  it('gets none created if users are patterns, either', async () => {
    const later = `tenant_${randomUUID().slice(0, 8)}`;
    await server.query(`DROP ROLE IF EXISTS tenant_login`);
    const environment = { ...ALTERNATING, USERS: '["tenant_{name}"]', SECRET_NAME_PREFIX: 'my-app/' };
    const evil = await rotatedUser(server, { environment, username: 'tenant_login' });
    await server.query(`CREATE ROLE ${later} NOLOGIN; GRANT ${later} TO tenant_login`);
    await server.query(`ALTER ROLE tenant_login SET role = '${later}'`, evil.first);
    await evil.rotated();
    expect(await exists('tenant_login_owner')).toBe(true);
    expect(await server.query(`SELECT current_user AS name`, await evil.login())).toEqual([
      { name: 'tenant_login_owner' },
    ]);
  });
});

describe('Alternating users are refused, and nothing is changed,', { timeout: 120_000 }, () => {
  it.each([
    ['the first user has a member', '', /squatter has what \S+ has.*REVOKE \S+ FROM squatter/],
    ['the declared second user has a member', '_b', /squatter has what \S+_b has.*REVOKE \S+_b FROM squatter/],
    [
      'the second user of the default name is a stranger',
      '_clone',
      /is not a member.*somebody else's \(its members: squatter\)/,
    ],
    [
      'the owner role of the default name is a stranger',
      '_owner',
      /somebody else's \(its members: squatter\).*declare ownerRole/,
    ],
  ])('where %s', async (_, end, message) => {
    await server.query(`DO $$ BEGIN CREATE ROLE squatter LOGIN; EXCEPTION WHEN duplicate_object THEN END $$`);
    const username = `app_${randomUUID().slice(0, 8)}`;
    const names = end === '_b' ? { USERS: JSON.stringify([username, `${username}_b`]) } : {};
    const user = await rotatedUser(server, { environment: { ...ALTERNATING, ...names }, username });
    const name = `${username}${end}`;
    if (end !== '') await server.query(`CREATE ROLE ${name} ${end === '_owner' ? 'NOLOGIN' : 'LOGIN'}`);
    await server.query(`GRANT ${name} TO squatter`);
    expect(await user.failure()).toEqual({ code: 'CONFIGURATION', message: expect.stringMatching(message) });
    expect(await exists(`${username}${end === '_owner' ? '_clone' : '_owner'}`)).toBe(false);
  });

  it('where the declared second user cannot log in', async () => {
    const username = `app_${randomUUID().slice(0, 8)}`;
    const second = `${username}_b`;
    const environment = { ...ALTERNATING, USERS: JSON.stringify([username, second]) };
    const user = await rotatedUser(server, { environment, username });
    await server.query(`CREATE ROLE ${second} NOLOGIN`);
    expect(await user.failure()).toEqual({
      code: 'CONFIGURATION',
      message: expect.stringMatching(/exists but cannot log in.*ALTER ROLE \S+_b LOGIN/),
    });
    expect(await server.query(`SELECT rolcanlogin FROM pg_roles WHERE rolname = '${second}'`)).toEqual([
      { rolcanlogin: false },
    ]);
  });
});

describe('Alternating users with a setting', { timeout: 120_000 }, () => {
  it.each([
    'statement_timeout = 30000',
    "idle_in_transaction_session_timeout = '60s'",
    'work_mem = 65536',
    "enable_seqscan = 'no'",
    "random_page_cost = '1.10'",
    "timezone = 'utc'",
    "datestyle = 'iso,dmy'",
    'search_path = public, pg_catalog',
    `search_path = "$user", "My Schema", 'it''s'`,
    "search_path = ''",
    "application_name = 'it''s \\ here'",
    'client_encoding = SJIS',
  ])('rotate twice and have it as it was written: %s', async (setting) => {
    const user = await rotatedUser(server, { environment: ALTERNATING });
    const { username } = user.first;
    await server.query(`ALTER ROLE ${username} SET ${setting}`);
    const settings = (name: string) =>
      server.query(
        `SELECT array_remove(rolconfig, 'role=${username}_owner') AS settings FROM pg_roles WHERE rolname = '${name}'`,
      );
    const before = await settings(username);
    await user.rotated();
    expect(await settings(`${username}_clone`)).toEqual(before);
    await user.rotated();
    expect(await settings(username)).toEqual(before);
  });
});
