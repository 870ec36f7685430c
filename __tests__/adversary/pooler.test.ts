import { describe, expect, it, onTestFinished } from 'vitest';
import { hasPgbouncer, throwAwayPgbouncer } from '../../harness/throw-away-pgbouncer.ts';
import { ALTERNATING, rotatedUser, SINGLE, SINGLE_BY_ADMIN } from '../lambda/postgres/rotated-user.ts';
import { rdsServer } from '../rds-server.ts';

const server = await rdsServer({ settings: { log_statement: 'all' } });
const reason = hasPgbouncer ? '' : ' (skipped: no pgbouncer on this machine)';

describe.skipIf(!hasPgbouncer)(`A PgBouncer before the server${reason}`, { timeout: 120_000 }, () => {
  describe.each(['session', 'transaction'] as const)('in %s mode', (mode) => {
    it.each([
      ['a single user', SINGLE],
      ['a single user with an administrator', SINGLE_BY_ADMIN],
      ['alternating users', ALTERNATING],
    ])('is refused by name for %s, and nothing is changed', async (_, environment) => {
      const pooler = await throwAwayPgbouncer(server.superuser, mode); // Which reads the users' verifiers.
      onTestFinished(() => pooler.stop());
      const user = await rotatedUser({ ...server, port: pooler.port, ca: pooler.ca }, { environment });
      const from = server.log().length;
      expect(await user.failure()).toMatchObject({
        code: 'CONFIGURATION',
        message: expect.stringMatching(
          new RegExp(`^localhost:${pooler.port} is a pooler, such as PgBouncer .*Give the server's own address`),
        ),
      });
      expect(server.log().slice(from)).not.toMatch(/(ALTER|CREATE|DROP) ROLE|GRANT|REVOKE/);
      expect(await server.accepts(user.first)).toBe(true);
      const locks = `SELECT 1 FROM pg_locks WHERE locktype = 'advisory'`;
      expect(await server.query(locks), 'locks that pooled sessions keep').toEqual([]);
    });
  });
});
