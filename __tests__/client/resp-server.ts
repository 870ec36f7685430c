import type { Socket } from 'node:net';
import { loopbackServer } from './loopback-server.ts';

/** A stand-in for a Redis that is a cluster of one node: it knows logins, and holds nothing. Until the test ends. */
export interface RespServer {
  readonly port: number;
  /** Each login that was tried, as `user:password`; without a user Redis takes `default`. */
  readonly logins: readonly string[];
  readonly accepted: Set<string>;
  /** What it answers to another login; if that is empty, it ends the connection. */
  refusal: string;
  /** Whether it ends the connection after such an answer, too. */
  endsRefused: boolean;
  connections(): number;
  /** On all connections. */
  say(text: string): void;
  endAll(): void;
}

/** @see https://redis.io/docs/latest/develop/reference/protocol-spec/ */
export async function respServer(...accepted: readonly string[]): Promise<RespServer> {
  const logins: string[] = [];
  const sockets = new Set<Socket>();
  const port = await loopbackServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    let unread = '';
    socket.on('data', (data) => {
      unread += data;
      const { commands, rest } = parsed(unread);
      unread = rest;
      for (const command of commands) answer(socket, command);
    });
  });
  const server: RespServer = {
    ...{ port, logins, accepted: new Set(accepted) },
    refusal: '-WRONGPASS invalid username-password pair or user is disabled.',
    endsRefused: false,
    connections: () => sockets.size,
    say(text) {
      for (const socket of sockets) socket.write(text);
    },
    endAll() {
      for (const socket of sockets) socket.end();
    },
  };

  function answer(socket: Socket, [name = '', ...given]: readonly string[]) {
    if (socket.writableEnded) return;
    const login = loginOf(name.toLowerCase(), given);
    if (login === undefined) return void socket.write(`${answerTo(`${name} ${given[0]}`.toLowerCase(), port)}\r\n`);
    logins.push(login);
    const { refusal } = server;
    if (server.accepted.has(login)) socket.write(name.toLowerCase() === 'auth' ? '+OK\r\n' : '%1\r\n+proto\r\n:3\r\n');
    else if (refusal !== '') socket.write(`${refusal}\r\n`);
    if (!server.accepted.has(login) && (refusal === '' || server.endsRefused)) socket.end();
  }
  return server;
}

/** The commands that are there, and the beginning of another one. */
function parsed(text: string): { readonly commands: string[][]; readonly rest: string } {
  const commands: string[][] = [];
  let rest = text;
  for (;;) {
    const lines = rest.split('\r\n');
    const length = Number(lines[0]?.slice(1)) * 2 + 1;
    if (!(lines.length > length)) return { commands, rest };
    commands.push(lines.slice(1, length).filter((_, index) => index % 2 === 1));
    rest = lines.slice(length).join('\r\n');
  }
}

/** `AUTH [USER] PASSWORD`, or `HELLO 3 AUTH USER PASSWORD`. */
function loginOf(name: string, given: readonly string[]): string | undefined {
  const [user, password] = name === 'auth' ? given : name === 'hello' ? given.slice(2) : [];
  return password === undefined ? user && `default:${user}` : `${user}:${password}`;
}

function answerTo(command: string, port: number): string {
  const text = (words: string) => `$${words.length}\r\n${words}`;
  if (command.startsWith('info')) return text('redis_version:7.4.0\r\nloading:0');
  if (command === 'cluster info') return text('cluster_state:ok');
  if (command === 'cluster slots')
    return `*1\r\n*3\r\n:0\r\n:16383\r\n*3\r\n${text('127.0.0.1')}\r\n:${port}\r\n${text('node')}`;
  return command.startsWith('get') ? '$-1' : '+OK';
}
