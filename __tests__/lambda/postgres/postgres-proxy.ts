import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Statement } from '../../../testing/index.ts';

/** What a password policy says to a password that it refuses, said by the server itself. */
const REFUSAL = `DO $$ BEGIN RAISE 'password is in the list of leaked ones' USING ERRCODE = '22023'; END $$`;

/** Stands before a PostgreSQL for one secret's function, and sees what it asks for: messages of the protocol, without TLS. */
export interface PostgresProxy {
  readonly port: number;
  /** Logins so far. */
  readonly logins: number;
  /** Logins that the server refused so far. */
  readonly refused: number;
  /** The next new password is refused, now and always. */
  refuseNext(): void;
  close(): void;
}

/**
 * Passes everything on to a server; each statement through the suite's hook.
 * @see https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export async function postgresProxy(server: { readonly port: number }, statement: Statement): Promise<PostgresProxy> {
  const sockets = new Set<Socket>();
  /** By the versions that they are of: the function says which as its application_name. */
  const refusedPasswords = new Set<string>();
  const state = { logins: 0, refused: 0, refusesNext: false };

  const listener = createServer((client) => {
    const upstream = connect(server.port, '127.0.0.1');
    const hangUp = () => [client, upstream].map((socket) => socket.destroy());
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket
        .on('error', hangUp)
        .on('close', hangUp)
        .on('close', () => sockets.delete(socket));
    }
    let version = '';
    /** Who waits for the answer to a statement. */
    let asking: Asking | undefined;
    upstream.on('close', () => asking?.reject(new Error('The server ended the connection.')));
    let answer: Buffer[] = [];
    let asked: Buffer[] = [];
    let name = '';

    const fromServer = splitter(true, (message, type) => {
      if (type === 'E' && version !== '' && asking === undefined && /C28(P01|000)\0/.test(message.toString('latin1'))) {
        state.refused += 1;
      }
      if (asking === undefined) client.write(message);
      else answer.push(message);
      if (type !== 'Z' || asking === undefined) return;
      asking.resolve(Buffer.concat(answer));
      asking = undefined;
      answer = [];
    });
    const fromClient = splitter(false, (message, type) => {
      if (type === '') {
        version = /application_name\0([^\0]*)/.exec(message.toString('utf8'))?.[1] ?? '';
        state.logins += 1;
      }
      if (!'QPBDES'.includes(type) || type === '') return void upstream.write(message);
      asked.push(message);
      if (type === 'Q' || type === 'P') name = nameOf(message.toString('utf8', 5));
      if (type !== 'Q' && type !== 'S') return;
      const request = Buffer.concat(isRefused(name) ? [query(REFUSAL)] : asked);
      asked = [];
      statement(name, () => {
        asking = newAsking();
        upstream.write(request);
        return asking.promise;
      }).then((bytes) => client.write(bytes), hangUp);
    });
    client.on('data', fromClient);
    upstream.on('data', fromServer);

    function isRefused(what: string): boolean {
      if (!what.endsWith('PASSWORD')) return false;
      if (state.refusesNext) refusedPasswords.add(version);
      state.refusesNext = false;
      return refusedPasswords.has(version);
    }
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return {
    port: (listener.address() as AddressInfo).port,
    get logins() {
      return state.logins;
    },
    get refused() {
      return state.refused;
    },
    refuseNext: () => {
      state.refusesNext = true;
    },
    close() {
      for (const socket of sockets) socket.destroy();
      listener.close();
    },
  };
}

interface Asking {
  readonly promise: Promise<Buffer>;
  readonly resolve: (answer: Buffer) => void;
  readonly reject: (reason: Error) => void;
}

function newAsking(): Asking {
  let settle: Omit<Asking, 'promise'> = { resolve() {}, reject() {} };
  const promise = new Promise<Buffer>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...settle };
}

/** Cuts a stream into messages. The first of a client, with which it introduces itself, has no type. */
function splitter(hasType: boolean, onMessage: (message: Buffer, type: string) => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0);
  let typed = hasType;
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const at = typed ? 1 : 0;
      if (rest.length < at + 4) return;
      const size = at + rest.readUInt32BE(at);
      if (rest.length < size) return;
      const message = rest.subarray(0, size);
      const type = typed ? String.fromCharCode(message[0] ?? 0) : '';
      rest = rest.subarray(size);
      typed = true;
      onMessage(message, type);
    }
  };
}

function query(sql: string): Buffer {
  const text = Buffer.from(`${sql}\0`);
  const head = Buffer.from('Q\0\0\0\0');
  head.writeUInt32BE(text.length + 4, 1);
  return Buffer.concat([head, text]);
}

/** Such as `ALTER ROLE … PASSWORD`, without names and values. */
function nameOf(sql: string): string {
  const words = sql.replace(/^\0/, '').trim().split(/\s+/).slice(0, 2).join(' ');
  return sql.includes(" PASSWORD '") ? `${words} … PASSWORD` : words;
}
