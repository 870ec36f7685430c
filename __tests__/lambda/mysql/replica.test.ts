import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { AskedServer } from '../../asked-server.ts';
import { describeOnMariadb, mariadbServer } from '../../mariadb-server.ts';
import { ALTERNATING, DUAL, rotatedUser, SINGLE_BY_ADMIN } from './rotated-user.ts';

const settings = { 'server-id': '1', 'log-bin': 'bin' };

describeOnMariadb('A replica of MariaDB without read_only', { settings }, async (writer) => {
  const replica = await mariadbServer({ settings: { ...settings, 'server-id': '2' } });

  /** Replicates what comes from now on. */
  async function follow(follower: AskedServer, source: AskedServer): Promise<void> {
    const login = { username: `copies_for_${follower.port}`, password: 'of who copies' };
    await source.query([
      `SET SESSION sql_log_bin = 0`,
      `CREATE USER ${login.username} IDENTIFIED BY '${login.password}'`,
      `GRANT REPLICATION SLAVE ON *.* TO ${login.username}`,
    ]);
    const [status] = await source.query('SHOW MASTER STATUS');
    await follower.query([
      `CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = ${source.port}, MASTER_USER = '${login.username}',
        MASTER_PASSWORD = '${login.password}', MASTER_LOG_FILE = '${status?.File}', MASTER_LOG_POS = ${status?.Position}`,
      'START SLAVE',
    ]);
    const isRunning = async () =>
      Object(await follower.query('SHOW SLAVE STATUS'))[0]?.Slave_IO_Running === 'Yes' &&
      (await source.query('SHOW SLAVE HOSTS')).length > 0;
    while (!(await isRunning())) await sleep(50);
  }

  it('is refused by name; two servers that replicate each other are both writers', async () => {
    await follow(replica, writer);
    for (const environment of [DUAL, SINGLE_BY_ADMIN, ALTERNATING]) {
      const user = await rotatedUser(replica, { environment });
      expect(await user.failure()).toMatchObject({
        code: 'CONFIGURATION',
        message: expect.stringMatching(
          new RegExp(`is a replica of 127\\.0\\.0\\.1:${writer.port}, which would not learn the password`),
        ),
      });
      expect(await replica.accepts(user.first)).toBe(true);
    }
    await follow(writer, replica);
    for (const server of [writer, replica]) {
      const user = await rotatedUser(server, { environment: DUAL });
      expect(await server.accepts(await user.rotated())).toBe(true);
    }
  });
});
