import type { Socket } from 'node:net';
import { loopbackServer } from './loopback-server.ts';

/** A message as PostgreSQL writes it; the first one of a connection has no letter. */
export function message(letter: string, ...parts: readonly (string | number | Buffer)[]): Buffer {
  const content = Buffer.concat(parts.map((part) => (typeof part === 'number' ? int32(part) : Buffer.from(part))));
  return Buffer.concat([Buffer.from(letter), int32(4 + content.length), content]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

export const ready = message('Z', 'I');
export const fatal = (code: string) =>
  message('E', `SFATAL\0VFATAL\0C${code}\0Mno entry\0Fauth.c\0L345\0Rauth_failed\0P7\0\0`);

/** A stand-in for a PostgreSQL that asks for a password in clear, and answers queries with no rows. Until the test ends. */
export interface PostgresStandIn {
  readonly port: number;
  /** Each login that was tried, as `user:password@database`. */
  readonly logins: readonly string[];
  readonly accepted: Set<string>;
  /** What it says to another login, before it ends the connection; if that is undefined, it says nothing. */
  refusal: string | undefined;
  isReadOnly: boolean;
  /** All connections that there were. */
  met(): number;
  /** Those that are open. */
  open(): number;
  endAll(): void;
}

export async function postgresStandIn(...accepted: readonly string[]): Promise<PostgresStandIn> {
  const logins: string[] = [];
  const sockets = new Set<Socket>();
  let met = 0;
  const port = await loopbackServer((socket) => {
    met += 1;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.once('data', (startup) => {
      const words = startup.toString('utf8', 8).split('\0');
      const value = (name: string) => words[words.indexOf(name) + 1];
      socket.write(message('R', 3));
      socket.once('data', (password) => {
        logins.push(`${value('user')}:${password.toString('utf8', 5, password.length - 1)}@${value('database')}`);
        answerLogin(socket, logins.at(-1) as string);
      });
    });
  });
  const server: PostgresStandIn = {
    ...{ port, logins, accepted: new Set(accepted), refusal: '28P01', isReadOnly: false },
    met: () => met,
    open: () => sockets.size,
    endAll() {
      for (const socket of sockets) socket.end();
    },
  };

  function answerLogin(socket: Socket, login: string) {
    const { refusal, isReadOnly } = server;
    if (!server.accepted.has(login)) return void socket.end(refusal === undefined ? '' : fatal(refusal));
    const state = isReadOnly ? 'on' : 'off';
    const parameters = ['in_hot_standby', 'default_transaction_read_only'].map((name) =>
      message('S', `${name}\0${state}\0`),
    );
    socket.write(Buffer.concat([message('R', 0), ...parameters, message('K', 5, 42), ready]));
    // A query, or the end.
    socket.on(
      'data',
      (asked) => asked[0] === 'Q'.charCodeAt(0) && socket.write(Buffer.concat([message('C', 'SELECT 0\0'), ready])),
    );
  }
  return server;
}
