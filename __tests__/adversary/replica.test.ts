import { randomUUID } from 'node:crypto';
import { expect, it, vi } from 'vitest';
import { ALTERNATING, rotatedUser, SINGLE, SINGLE_BY_ADMIN } from '../lambda/postgres/rotated-user.ts';
import { describeOnRds, POSTGRES_VERSIONS } from '../postgres-versions.ts';

describeOnRds('A physical replica', POSTGRES_VERSIONS, (writer) => {
  it('is refused as a replica for every strategy, and nothing changes; on the writer the rotation succeeds', async () => {
    const replica = await writer.replica();
    for (const [environment, users] of [
      [SINGLE, 1],
      [SINGLE_BY_ADMIN, 1],
      [ALTERNATING, 2],
    ] as const) {
      const username = `app_${randomUUID().slice(0, 8)}`;
      // The user is made on the writer; its secret names the replica.
      const atReplica = { ...writer, port: replica.port, ca: replica.ca };
      const user = await rotatedUser(atReplica, { environment, username });
      await vi.waitFor(async () => expect(await replica.accepts(user.first)).toBe(true), 20_000);
      expect(await user.failure()).toMatchObject({
        code: 'CONFIGURATION',
        message: expect.stringMatching(
          new RegExp(`^localhost:${replica.port} .*is a replica: give the host of the writer`),
        ),
      });
      const roles = `SELECT count(*)::int FROM pg_roles WHERE rolname LIKE '${username}%'`;
      expect(await writer.query(roles)).toEqual([{ count: 1 }]);
      expect([await writer.accepts(user.first), await replica.accepts(user.first)]).toEqual([true, true]);

      const other = await rotatedUser(writer, { environment });
      const now = await other.rotated();
      await vi.waitFor(async () => expect(await replica.accepts(now)).toBe(true), 20_000);
      expect(await writer.query(roles.replace(username, other.first.username))).toEqual([
        { count: users === 2 ? 3 : 1 },
      ]);
    }
  });
});
