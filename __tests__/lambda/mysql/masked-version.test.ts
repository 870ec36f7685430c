import { expect, it } from 'vitest';
import { describeOnMariadb } from '../../mariadb-server.ts';
import { ALTERNATING, DUAL, rotatedUser, SINGLE, SINGLE_BY_ADMIN } from './rotated-user.ts';

describeOnMariadb(
  'A MariaDB that has the version of a MySQL',
  { settings: { version: '5.6.51-log', 'general-log': '1', 'log-output': 'TABLE' } },
  (server) => {
    it.each([
      ['single-user', SINGLE],
      ['single-user by an administrator', SINGLE_BY_ADMIN],
      ['dual-password', DUAL],
      ['alternating-users', ALTERNATING],
    ])('gets only hashes, and rotates: %s', async (_, environment) => {
      const user = await rotatedUser(server, { environment });
      await server.query('TRUNCATE mysql.general_log');
      const now = await user.rotated();
      expect(await server.accepts(now)).toBe(true);
      const log = JSON.stringify(
        await server.query('SELECT CONVERT(argument USING utf8mb4) AS text FROM mysql.general_log'),
      );
      expect(log).toMatch(/SET PASSWORD|ALTER USER/);
      for (const { password } of [user.first, now]) expect(log).not.toContain(password);
    });
  },
);
