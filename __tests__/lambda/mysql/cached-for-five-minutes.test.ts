import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { describeOnMariadb, type MariadbLogin } from '../../mariadb-server.ts';
import { ALTERNATING, DUAL, rotatedUser } from './rotated-user.ts';

/** A third of them before the rotation, a third during it, a third after it. */
const CONNECTIONS = 240;

interface Counts {
  readonly loggedIn: number;
  readonly refused: number;
  readonly failed: number;
}

const said = (way: string, { loggedIn, refused, failed }: Counts) =>
  `${way}: ${CONNECTIONS} connections, ${loggedIn} logged in, ${refused} refused, ${failed} failed`;

/** `npx vitest run --project=slow mysql/cached --reporter=verbose` prints how both ways went. */
describeOnMariadb(
  'An unmodified client that caches its secret for five minutes',
  { settings: { 'max-connections': '500' } },
  (server) => {
    /** A rotation between the first and the last third; the client asks its cache, which keeps what it had. */
    async function connectionsOver(cached: MariadbLogin, rotate: () => Promise<unknown>) {
      const counts = { loggedIn: 0, refused: 0, failed: 0 };
      const connect = async () => {
        try {
          const connection = await server.login(cached);
          await connection.query('SELECT 1');
          await connection.end();
          counts.loggedIn += 1;
        } catch (error) {
          counts[Object(error).errno === 1045 ? 'refused' : 'failed'] += 1;
        }
      };
      /** Eight clients at a time. */
      const third = async () => {
        const each = async () => {
          for (let nth = 0; nth < CONNECTIONS / 3 / 8; nth += 1) await connect();
        };
        await Promise.all(Array.from({ length: 8 }, each));
      };
      await third();
      await Promise.all([rotate(), third()]);
      await third();
      return counts;
    }

    it.for([
      ['dual-password', DUAL],
      ['alternating-users', ALTERNATING],
    ] as const)(
      `has ${CONNECTIONS} connections over a rotation, and none is refused or fails: %s`,
      { timeout: 120_000 },
      async ([way, environment], { annotate }) => {
        const user = await rotatedUser(server, { environment });
        const cached = await user.rotated();
        const counts = await connectionsOver(cached, () => user.rotated());
        await annotate(said(way, counts));
        expect((await user.login()).password).not.toBe(cached.password);
        expect(counts).toEqual({ loggedIn: CONNECTIONS, refused: 0, failed: 0 });
      },
    );

    // SecretsManagerRDSMariaDBRotationSingleUser, set_secret: the user sets its password, and the old one is gone.
    it("is refused from AWS's single-user template's SET PASSWORD on", async ({ annotate }) => {
      const { first } = await rotatedUser(server, { environment: DUAL });
      const renewed = { ...first, password: randomBytes(12).toString('hex') };
      const counts = await connectionsOver(first, () =>
        server.query(`SET PASSWORD = PASSWORD('${renewed.password}')`, first),
      );
      await annotate(said("AWS's single-user template", counts));
      expect(counts.failed).toBe(0);
      expect(counts.refused).toBeGreaterThanOrEqual(CONNECTIONS / 3);
      expect(await server.accepts(renewed)).toBe(true);
    }, 120_000);
  },
);
