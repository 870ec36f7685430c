import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { describeOnMariadb } from '../../mariadb-server.ts';
import { CONNECTIONS, connectionsOver, said } from './connections-over.ts';
import { ALTERNATING, DUAL, rotatedUser } from './rotated-user.ts';

/** `npx vitest run --project=slow mysql/cached --reporter=verbose` prints how both ways went. */
describeOnMariadb(
  'An unmodified client that caches its secret for five minutes',
  { settings: { 'max-connections': '500' } },
  (server) => {
    it.for([
      ['dual-password', DUAL],
      ['alternating-users', ALTERNATING],
    ] as const)(
      `has ${CONNECTIONS} connections over a rotation, and none is refused or fails: %s`,
      { timeout: 120_000 },
      async ([way, environment], { annotate }) => {
        const user = await rotatedUser(server, { environment });
        const cached = await user.rotated();
        const counts = await connectionsOver(server, cached, () => user.rotated());
        await annotate(said(way, counts));
        expect((await user.login()).password).not.toBe(cached.password);
        expect(counts).toEqual({ loggedIn: CONNECTIONS, refused: 0, failed: 0 });
      },
    );

    // SecretsManagerRDSMariaDBRotationSingleUser, set_secret: the user sets its password, and the old one is gone.
    it("is refused from AWS's single-user template's SET PASSWORD on", async ({ annotate }) => {
      const { first } = await rotatedUser(server, { environment: DUAL });
      const renewed = { ...first, password: randomBytes(12).toString('hex') };
      const counts = await connectionsOver(server, first, () =>
        server.query(`SET PASSWORD = PASSWORD('${renewed.password}')`, first),
      );
      await annotate(said("AWS's single-user template", counts));
      expect(counts.failed).toBe(0);
      expect(counts.refused).toBeGreaterThanOrEqual(CONNECTIONS / 3);
      expect(await server.accepts(renewed)).toBe(true);
    }, 120_000);
  },
);
