import type { AskedServer, ServerLogin } from '../../asked-server.ts';

/** A third of them before the rotation, a third during it, a third after it. */
export const CONNECTIONS = 240;

interface Counts {
  readonly loggedIn: number;
  readonly refused: number;
  readonly failed: number;
}

export const said = (way: string, { loggedIn, refused, failed }: Counts): string =>
  `${way}: ${CONNECTIONS} connections, ${loggedIn} logged in, ${refused} refused, ${failed} failed`;

/** A rotation between the first and the last third; the client asks its cache, which keeps what it had. */
export async function connectionsOver(
  server: AskedServer,
  cached: ServerLogin,
  rotate: () => Promise<unknown>,
): Promise<Counts> {
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
