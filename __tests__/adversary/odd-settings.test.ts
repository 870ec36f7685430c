import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { ALTERNATING, rotatedUser, SINGLE, SINGLE_BY_ADMIN } from '../lambda/postgres/rotated-user.ts';
import { describeOnRds } from '../postgres-versions.ts';
import { scene } from './scene.ts';

const STRATEGIES = [
  ['a single user', SINGLE],
  ['a single user with an administrator', SINGLE_BY_ADMIN],
  ['alternating users', ALTERNATING],
] as const;

/** The oldest, the last one in which CREATEROLE alone changes every role, and the newest. */
const VERSIONS = [13, 15, 18] as const;

describeOnRds('A rotation', VERSIONS, (server) => {
  it('of alternating users sees what another one did while it waited, even if transactions are serializable', async () => {
    const { user, run, bySuperuser } = await scene(server);
    const { username } = user.first;
    await run('ALTER DATABASE postgres SET default_transaction_isolation = serializable');
    try {
      const blocker = await server.login(server);
      await blocker.query(`SELECT pg_advisory_lock(hashtext('rotaform'), hashtext('${username} ${username}_clone'))`);
      const versionId = await user.pendingVersion();
      await user.step('createSecret', versionId);
      const waiting = user.step('setSecret', versionId);
      await expect
        .poll(() =>
          run(`SELECT 1 FROM pg_stat_activity WHERE wait_event = 'advisory' AND application_name LIKE 'rotaform %'`),
        )
        .toHaveLength(1);
      // As another rotation may leave it, and a person.
      await bySuperuser('CREATE TABLE $t (); ALTER TABLE $t OWNER TO $u; ALTER ROLE $u CONNECTION LIMIT 7');
      await blocker.end();
      expect(await waiting).not.toHaveProperty('failure');
      expect(await server.accepts(await user.login(versionId))).toBe(true);
      expect(
        await run(
          `SELECT tableowner, rolconnlimit FROM pg_tables, pg_roles WHERE tablename = '$t' AND rolname = '$clone'`,
        ),
      ).toEqual([{ tableowner: `${username}_owner`, rolconnlimit: 7 }]);
    } finally {
      await run('ALTER DATABASE postgres RESET default_transaction_isolation');
    }
  });

  it.each(STRATEGIES)(
    'of %s succeeds with every timeout at 1 ms, or names the timeout that stops it',
    // Which of its sessions the server ends within a millisecond is chance.
    { retry: 2 },
    async (_, environment) => {
      const dbname = `hasty_${randomUUID().slice(0, 8)}`;
      await server.query(`CREATE DATABASE ${dbname}`);
      const user = await rotatedUser(server, { environment, secret: { dbname } });
      const set = (name: unknown) =>
        server.query(`ALTER DATABASE ${dbname} SET ${name} = 1; ALTER ROLE ${user.first.username} SET ${name} = 1`);
      const isThere = (name: string) => server.query(`SELECT 1 FROM pg_settings WHERE name = '${name}'`);
      for (const name of [
        'statement_timeout',
        'lock_timeout',
        'idle_in_transaction_session_timeout',
        'transaction_timeout',
      ])
        if ((await isThere(name)).length > 0) await set(name);
      await user.rotated();
      if ((await isThere('idle_session_timeout')).length === 0) return;
      // It ends a session whose first statement takes a millisecond to arrive.
      await set('idle_session_timeout');
      const failure = await user.failure();
      if (failure !== undefined)
        expect(failure).toEqual({
          code: 'CONFIGURATION',
          message: expect.stringMatching(/set idle_session_timeout/),
        });
    },
  );

  it.each(STRATEGIES)('of %s is not led astray by session_authorization', async (_, environment) => {
    const other = `other_${randomUUID().slice(0, 8)}`;
    await server.query(`CREATE ROLE ${other} LOGIN PASSWORD 'of the other'`);
    const user = await rotatedUser(server, { environment });
    await server.query(`ALTER ROLE ${user.first.username} SET session_authorization = '${other}'`);
    for (const _turn of ['first', 'second']) {
      const { username } = await user.rotated();
      const [who] = await user.query('SELECT session_user, current_user');
      const acting = environment === ALTERNATING ? `${user.first.username}_owner` : username;
      expect(who).toEqual({ session_user: username, current_user: acting });
    }
    expect(await server.accepts({ username: other, password: 'of the other' })).toBe(true);
  });

  it.each(STRATEGIES)(
    'of %s works in a database that lets in one session, or says what to raise',
    async (_, environment) => {
      const dbname = `small_${randomUUID().slice(0, 8)}`;
      await server.query(`CREATE DATABASE ${dbname} CONNECTION LIMIT 1`);
      const user = await rotatedUser(server, { environment, secret: { dbname } });
      // An administrator keeps its session, to change the password back.
      const failure = {
        code: 'SERVICE',
        message: expect.stringMatching(/No connection is left: raise the CONNECTION LIMIT of the database/),
      };
      expect(await user.failure()).toEqual(environment === SINGLE_BY_ADMIN ? failure : undefined);
      expect(await server.accepts({ ...(await user.login()), dbname })).toBe(true);
    },
  );

  it('of alternating users needs one free connection of the user whose turn it is', async () => {
    const { user, run } = await scene(server);
    await run('ALTER ROLE $u CONNECTION LIMIT 1');
    const session = await server.login(user.first);
    const { username } = await user.rotated();
    const other = await server.login(await user.login());
    expect(await user.failure()).toMatchObject({
      message: expect.stringMatching(/raise the CONNECTION LIMIT of the role/),
    });
    expect(await user.login()).toMatchObject({ username });
    await Promise.all([session.end(), other.end()]);
  });

  it.each(STRATEGIES)('of %s accepts a name of the maximum length', async (_, environment) => {
    const longest = environment === ALTERNATING ? 63 - '_clone'.length : 63;
    const start = randomUUID().slice(0, 5);
    const username = start + 'é'.repeat((longest - start.length) / 2);
    expect(Buffer.byteLength(username)).toBe(longest);
    const user = await rotatedUser(server, { environment, username });
    for (const _turn of ['first', 'second']) expect(await server.accepts(await user.rotated())).toBe(true);
  });
});
