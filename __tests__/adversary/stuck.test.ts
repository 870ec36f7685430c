import { createHash, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { holdingProxy } from '../lambda/postgres/holding-proxy.ts';
import {
  ALTERNATING,
  type RotatedUser,
  rotatedUser,
  SINGLE,
  SINGLE_BY_ADMIN,
} from '../lambda/postgres/rotated-user.ts';
import { describeOnRds, POSTGRES_VERSIONS } from '../postgres-versions.ts';
import { type RdsServer, rdsServer } from '../rds-server.ts';

const STRATEGIES = [
  ['a single user', SINGLE],
  ['a single user with an administrator', SINGLE_BY_ADMIN],
  ['alternating users', ALTERNATING],
] as const;

const seconds = (count: number) => new Promise((resolve) => setTimeout(resolve, count * 1_000));

/** The verifier of whoever is current. */
async function verifierOf(server: RdsServer, user: RotatedUser): Promise<string> {
  const { username } = await user.login();
  const [row] = await server.superuser.query(`SELECT rolpassword FROM pg_authid WHERE rolname = '${username}'`);
  return String(row?.rolpassword);
}

/** A session of a user that was there before the rotation, in a loop of its own until the test ends. */
async function busySession(server: RdsServer, user: RotatedUser, statements: readonly string[]) {
  const session = await server.login(await user.login());
  const errors: string[] = [];
  let isOver = false;
  const loop = (async () => {
    while (!isOver)
      for (const sql of statements) await session.query(sql).catch((error: Error) => errors.push(error.message));
    await session.end();
  })();
  onTestFinished(() => {
    isOver = true;
    return loop;
  });
  return { errors };
}

describeOnRds('A rotation', POSTGRES_VERSIONS, (server) => {
  it.each(STRATEGIES)(
    'of %s succeeds if transactions are read-only by default, which does not make a replica',
    async (_, environment) => {
      const dbname = `quiet_${randomUUID().slice(0, 8)}`;
      await server.query(`CREATE DATABASE ${dbname}`);
      const user = await rotatedUser(server, { environment, secret: { dbname } });
      await server.query(`ALTER DATABASE ${dbname} SET default_transaction_read_only = on;
      ALTER ROLE ${user.first.username} SET default_transaction_read_only = on`);
      expect(await server.accepts({ ...(await user.rotated()), dbname })).toBe(true);
      expect(await user.query('SHOW default_transaction_read_only')).toEqual([{ default_transaction_read_only: 'on' }]);
    },
  );

  it('of alternating users succeeds while an older session keeps creating temporary tables', async () => {
    const user = await rotatedUser(server, { environment: ALTERNATING });
    await server.superuser.query(
      `CREATE TABLE of_${user.first.username} (); ALTER TABLE of_${user.first.username} OWNER TO ${user.first.username}`,
    );
    const { errors } = await busySession(server, user, [
      'CREATE TEMPORARY TABLE scratch AS SELECT 1 AS entry',
      'INSERT INTO scratch VALUES (2)',
      'DROP TABLE scratch',
    ]);
    for (const _ of ['first', 'second', 'third']) expect(await server.accepts(await user.rotated())).toBe(true);
    expect(errors).toEqual([]);
  });

  it('of alternating users succeeds while temporary tables with grants stay', async () => {
    const user = await rotatedUser(server, { environment: ALTERNATING });
    const session = await server.login(user.first);
    await session.query(`CREATE TEMPORARY TABLE mine AS SELECT 1 AS entry; CREATE TEMPORARY SEQUENCE counter;
      CREATE TYPE pg_temp.mood AS ENUM ('well'); CREATE FUNCTION pg_temp.one() RETURNS int LANGUAGE sql AS 'SELECT 1'`);
    const other = await server.login(server);
    await other.query(
      `CREATE TEMPORARY TABLE theirs AS SELECT 1 AS entry; GRANT SELECT ON theirs TO ${user.first.username}`,
    );
    for (const _ of ['first', 'second']) expect(await server.accepts(await user.rotated())).toBe(true);
    await session.query('INSERT INTO mine VALUES (2); DROP TABLE mine');
    await Promise.all([session.end(), other.end()]);
  });

  it('of alternating users waits for a long transaction, and nobody waits long behind it', async () => {
    const user = await rotatedUser(server, { environment: ALTERNATING });
    const { username } = user.first;
    await server.superuser.query(
      `CREATE TABLE busy_${username} (entry int); ALTER TABLE busy_${username} OWNER TO ${username}`,
    );
    const long = await server.login(server.superuser);
    await long.query(`BEGIN; SELECT * FROM busy_${username}`);
    const reader = await server.login(server.superuser);
    let longestMs = 0;
    let isOver = false;
    const reading = (async () => {
      while (!isOver) {
        const from = performance.now();
        await reader.query(`SELECT * FROM busy_${username}`);
        longestMs = Math.max(longestMs, performance.now() - from);
        await seconds(0.02);
      }
      await reader.end();
    })();
    const rotation = user.failure();
    await seconds(3);
    await long.query('COMMIT');
    await long.end();
    expect(await rotation).toBeUndefined();
    isOver = true;
    await reading;
    // Without the pauses, readers would have waited for all of the three seconds.
    expect(longestMs, 'how long a reader waited').toBeLessThan(2_000);
    expect(await server.query(`SELECT tableowner FROM pg_tables WHERE tablename = 'busy_${username}'`)).toEqual([
      { tableowner: `${username}_owner` },
    ]);
  });

  describe('where password_encryption is md5', () => {
    beforeAll(async () => {
      const [{ hba_file } = {}] = await server.superuser.query('SHOW hba_file');
      await server.superuser.query(`COPY (SELECT 'hostssl all all all md5') TO '${hba_file}'`);
      await server.superuser.query(`SELECT pg_reload_conf(); ALTER DATABASE postgres SET password_encryption = 'md5'`);
      return async () => void (await server.query('ALTER DATABASE postgres RESET ALL'));
    });

    it.each(STRATEGIES)(
      'of %s keeps MD5 if the user has it and that is allowed, and is refused if not',
      async (_, environment) => {
        const user = await rotatedUser(server, { environment });
        expect(await verifierOf(server, user)).toMatch(/^md5/);
        expect(await user.failure()).toMatchObject({
          code: 'CONFIGURATION',
          message: expect.stringMatching(/declare allowMd5: true/i),
        });
        expect(await server.accepts(user.first)).toBe(true);
        const old = await rotatedUser(server, { environment: { ...environment, ALLOW_MD5: 'true' } });
        for (const _turn of ['first', 'second']) {
          const { username, password } = await old.rotated();
          const md5 = createHash('md5').update(`${password}${username}`).digest('hex');
          expect(await verifierOf(server, old)).toBe(`md5${md5}`);
        }
      },
    );

    it.each(STRATEGIES)(
      'of %s keeps SCRAM if the user has it, whether or not MD5 is allowed',
      async (_, environment) => {
        for (const ALLOW_MD5 of [undefined, 'true']) {
          const user = await rotatedUser(server, { environment: { ...environment, ALLOW_MD5 } });
          const { username, password } = user.first;
          await server.query(
            `SET password_encryption = 'scram-sha-256'; ALTER ROLE ${username} PASSWORD '${password}'`,
          );
          await user.rotated();
          expect(await verifierOf(server, user)).toMatch(/^SCRAM/);
          await user.rotated();
        }
      },
    );
  });

  it.each([
    ['a single user with an administrator', SINGLE_BY_ADMIN],
    ['alternating users', ALTERNATING],
  ])('of %s says what to do if the password has expired, and changes nothing', async (_, environment) => {
    const user = await rotatedUser(server, { environment });
    const { username } = user.first;
    await server.query(`ALTER ROLE ${username} VALID UNTIL '2001-06-15 12:00+00'`);
    const before = await server.superuser.query(
      `SELECT rolname, rolpassword FROM pg_authid WHERE rolname LIKE '${username}%'`,
    );
    expect(await user.failure()).toEqual({
      code: 'CONFIGURATION',
      message: expect.stringMatching(
        /The password of \S+ is valid until 2001-06-15 .*ALTER ROLE \S+ VALID UNTIL 'infinity'/,
      ),
    });
    expect(
      await server.superuser.query(`SELECT rolname, rolpassword FROM pg_authid WHERE rolname LIKE '${username}%'`),
    ).toEqual(before);
  });

  it('of a single user without an administrator names expiry among the causes of a refused login', async () => {
    const user = await rotatedUser(server, { environment: SINGLE });
    await server.query(`ALTER ROLE ${user.first.username} VALID UNTIL '2001-06-15 12:00+00'`);
    expect(await user.failure()).toMatchObject({
      code: 'AUTHENTICATION',
      message: expect.stringMatching(/VALID UNTIL/),
    });
  });

  it.each(STRATEGIES)(
    'of %s is done whatever timeouts the roles have, even if it waits for another rotation',
    async (_, environment) => {
      const admin = { username: `admin_${randomUUID().slice(0, 8)}`, password: 'of the administrator' };
      await server.query(`CREATE ROLE ${admin.username} LOGIN CREATEROLE PASSWORD '${admin.password}'`);
      const user = await rotatedUser(server, { environment, admin });
      const { username } = user.first;
      await server.query(`GRANT ${username} TO ${admin.username} WITH ADMIN OPTION`);
      const names = await server.query(`SELECT name FROM pg_settings WHERE name IN ('statement_timeout', 'lock_timeout',
      'idle_in_transaction_session_timeout', 'idle_session_timeout', 'transaction_timeout')`);
      for (const { name } of names)
        for (const role of [username, admin.username]) await server.query(`ALTER ROLE ${role} SET ${name} = '300ms'`);
      const blocker = await server.login(server);
      const users = environment === ALTERNATING ? `${username} ${username}_clone` : username;
      await blocker.query(`SELECT pg_advisory_lock(hashtext('rotaform'), hashtext('${users}'))`);
      const rotation = user.rotated();
      await seconds(1.2);
      await blocker.end();
      expect(await server.accepts(await rotation)).toBe(true);
    },
  );
});

describeOnRds('A server with scram_iterations', [16, 17, 18], (server) => {
  it.each(STRATEGIES)('gets as many for %s, also more than the driver takes by default', async (_, environment) => {
    for (const count of [8_192, 150_000]) {
      await server.query(`ALTER DATABASE postgres SET scram_iterations = ${count}`);
      onTestFinished(async () => void (await server.query('ALTER DATABASE postgres RESET ALL')));
      const user = await rotatedUser(server, { environment });
      await user.rotated();
      expect(await verifierOf(server, user)).toMatch(new RegExp(`^SCRAM-SHA-256\\$${count}:`));
      await user.rotated();
    }
  });
});

const single = await rdsServer({ settings: { log_statement: 'all' } });

describe('A single user', { timeout: 120_000 }, () => {
  it('is changed back by a session that was idle for longer than idle_session_timeout', async () => {
    const proxy = await holdingProxy(single);
    const user = await rotatedUser({ ...single, port: proxy.port }, { environment: SINGLE });
    await single.query(`ALTER ROLE ${user.first.username} SET idle_session_timeout = '300ms'`);
    proxy.holdAfter(1);
    const failure = user.failure();
    await vi.waitFor(() => expect(proxy.held).toBe(1), 20_000);
    await seconds(1);
    proxy.cut('refuse');
    expect(await failure).toMatchObject({ code: 'NETWORK' });
    expect(await single.accepts(user.first)).toBe(true);
  });

  it('keeps its password if somebody cancels the statement, and the next attempt succeeds', async () => {
    const user = await rotatedUser(single, { environment: SINGLE });
    const { username } = user.first;
    const blocker = await single.login(single);
    await blocker.query(`BEGIN; ALTER ROLE ${username} CONNECTION LIMIT 50`);
    const versionId = await user.pendingVersion();
    await user.step('createSecret', versionId);
    const setting = user.step('setSecret', versionId);
    const ours = `FROM pg_stat_activity WHERE application_name = 'rotaform ${versionId}' AND wait_event_type = 'Lock'`;
    await vi.waitFor(
      async () => expect(await single.query(`SELECT pg_cancel_backend(pid) ${ours}`)).toHaveLength(1),
      20_000,
    );
    expect(await setting).toMatchObject({
      failure: {
        errorType: expect.anything(),
        errorMessage: expect.stringMatching(/canceling statement due to user request.*Secrets Manager tries again/),
      },
    });
    await blocker.query('ROLLBACK');
    await blocker.end();
    expect(await single.accepts(user.first)).toBe(true);
    expect(await user.step('setSecret', versionId)).not.toHaveProperty('failure');
    expect(await single.accepts(await user.login(versionId))).toBe(true);
  });

  it('fails with the name of the file that is missing on the server, and nothing changes', async () => {
    for (const environment of [SINGLE, SINGLE_BY_ADMIN]) {
      const user = await rotatedUser(single, { environment });
      const { username } = user.first;
      await single.superuser.query(`ALTER ROLE ${username} SET session_preload_libraries = 'nowhere'`);
      expect(await user.failure()).toMatchObject({
        code: 'CONFIGURATION',
        message: expect.stringMatching(/could not access file "nowhere".*A file is missing on the server/),
      });
      await single.superuser.query(`ALTER ROLE ${username} RESET session_preload_libraries`);
      expect(await single.accepts(user.first)).toBe(true);
    }
  });
});
