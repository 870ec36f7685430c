import { once } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { lostConnection } from './lost-connection.ts';

export interface Server {
  readonly host: string;
  readonly port: number;
}

/** How to reach a PostgreSQL server, in the words of Postgres.js. */
export interface ConnectOptions {
  /** Of a Unix socket. */
  readonly path: string | false;
  readonly ssl: boolean | 'require' | 'allow' | 'prefer' | 'verify-full' | object;
  readonly sslnegotiation: string | null;
  /** In seconds. */
  readonly connect_timeout: number;
}

/** @see https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-SSLREQUEST */
const SSL_REQUEST = Buffer.from('0000000804d2162f', 'hex');
const ACCEPTED = 'S'.charCodeAt(0);
/** Those whose documentation says that they verify nothing. */
const UNVERIFIED: readonly unknown[] = ['require', 'allow', 'prefer'];

/**
 * Opens a connection to the first of the servers that can be reached, with TLS where the options say so.
 *
 * @param turn which server comes first
 */
export async function openSocket(servers: readonly Server[], options: ConnectOptions, turn: number): Promise<Socket> {
  let failure: unknown;
  const first = turn % servers.length;
  for (const server of [...servers.slice(first), ...servers.slice(0, first)]) {
    try {
      return await openTo(server, options);
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

async function openTo(
  { host, port }: Server,
  { path, ssl, sslnegotiation, connect_timeout: seconds }: ConnectOptions,
): Promise<Socket> {
  const socket = connect(path ? { path } : { host, port });
  const where = path || `${host}:${port}`;
  const timedOut = Object.assign(new Error(`connect CONNECT_TIMEOUT ${where}`), { code: 'CONNECT_TIMEOUT' });
  const deadline = seconds > 0 ? setTimeout(() => socket.destroy(timedOut), seconds * 1000) : undefined;
  try {
    await once(socket, 'connect');
    if (!ssl) return socket;
    const isDirect = sslnegotiation === 'direct';
    if (!isDirect && !(await acceptsTls(socket))) {
      if (ssl === 'prefer') return socket;
      throw new Error(
        `The server at ${where} does not take TLS connections; expected one that does, since ssl is set.`,
      );
    }
    const secured = connectTls({
      socket,
      // What the certificate has to be for. Only a name may be told to the server.
      host,
      ...(isIP(host) === 0 && { servername: host }),
      ...(isDirect && { ALPNProtocols: ['postgresql'] }),
      ...(typeof ssl === 'object' ? ssl : UNVERIFIED.includes(ssl) && { rejectUnauthorized: false }),
    });
    await once(secured, 'secureConnect');
    return secured;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(deadline);
  }
}

async function acceptsTls(socket: Socket): Promise<boolean> {
  const lost = lostConnection(socket);
  // Else nothing would end the wait for an answer, not even the timeout.
  const onEnd = () => socket.destroy(lost);
  socket.once('end', onEnd).write(SSL_REQUEST);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.off('end', onEnd);
  return answer[0] === ACCEPTED;
}
