import { randomUUID } from 'node:crypto';
import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { ALTERNATING, rotatedUser, SINGLE, SINGLE_BY_ADMIN } from '../lambda/postgres/rotated-user.ts';
import { rdsServer } from '../rds-server.ts';

const server = await rdsServer();

describe('Who may log in to the database', { timeout: 120_000 }, () => {
  it.each([
    ['a single user', SINGLE, ''],
    ['alternating users', ALTERNATING, '_clone'],
  ])('can hold the lock of %s, and the error names the session and how to end it', async (_, environment, end) => {
    const [neighbor, victim] = [
      await rotatedUser(server, { environment: SINGLE }),
      await rotatedUser(server, { environment }),
    ];
    const { username } = victim.first;
    const key = end === '' ? username : `${username} ${username}${end}`;
    const session = await server.login(neighbor.first);
    const { rows } = await session.query(
      `SELECT pg_advisory_lock(hashtext('rotaform'), hashtext('${key}')), pg_backend_pid() AS pid`,
    );
    expect(await victim.failure()).toEqual({
      code: 'SERVICE',
      message: expect.stringContaining(
        `The session ${rows[0].pid} of ${neighbor.first.username} has the lock. If no rotation is running, end it: ` +
          `SELECT pg_terminate_backend(${rows[0].pid}).`,
      ),
    });
    await session.end();
  });
});

describe('A user that an administrator changes', { timeout: 120_000 }, () => {
  it.each([
    ...['pg_create_subscription', 'pg_signal_backend', 'pg_execute_server_program'],
    ...['rds_superuser', 'rds_replication', 'rds_password', 'rdsadmin', 'cloudsqlsuperuser', 'azure_pg_admin'],
  ])('is refused as a member of %s', async (role) => {
    const user = await rotatedUser(server, { environment: SINGLE_BY_ADMIN });
    await server.superuser.query(
      `DO $$ BEGIN CREATE ROLE ${role}; EXCEPTION WHEN duplicate_object OR reserved_name THEN END $$`,
    );
    await server.superuser.query(`GRANT ${role} TO ${user.first.username}`);
    expect(await user.failure()).toEqual({
      code: 'CONFIGURATION',
      message: expect.stringMatching(`is a member of ${role}, which acts for the server`),
    });
  });

  it.each(['pg_read_all_data', 'pg_write_all_data', 'pg_monitor'])(
    'may be a member of %s, which only reaches data',
    async (role) => {
      const user = await rotatedUser(server, { environment: SINGLE_BY_ADMIN });
      await server.query(`GRANT ${role} TO ${user.first.username}`);
      await user.rotated();
    },
  );
});

describe('The declared dbname', { timeout: 120_000 }, () => {
  it('may be a pattern in the name of the secret', async () => {
    const dbname = 'db_login';
    await server.query(`CREATE DATABASE ${dbname}`);
    const environment = {
      ...SINGLE_BY_ADMIN,
      DBNAME: 'db_{name}',
      SECRET_NAME_PREFIX: 'my-app/',
      USERS: '["user_{name}"]',
    };
    const user = await rotatedUser(server, { environment, username: 'user_login', secret: { dbname } });
    await user.rotated();
    const wrong = JSON.stringify({ ...JSON.parse((await user.value()) ?? '{}'), dbname: 'postgres' });
    await user.client.send(new PutSecretValueCommand({ SecretId: user.secretArn, SecretString: wrong }));
    expect(await user.failure()).toMatchObject({
      message: expect.stringMatching(/dbname is "postgres": expected "db_login"/),
    });
  });
});

describe('A secret with a list where a text or a number belongs', { timeout: 120_000 }, () => {
  it.each([
    ['port', [server.port]],
    ['ssl', ['false']],
    ['engine', ['postgres']],
  ])('is refused for its %s', async (field, value) => {
    const user = await rotatedUser(server, {
      environment: SINGLE,
      secret: { [field]: value },
      username: `app_${randomUUID().slice(0, 8)}`,
    });
    expect(await user.failure()).toEqual({ code: 'SECRET_VALUE', message: expect.stringContaining(field) });
  });
});
