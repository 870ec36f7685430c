import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { SelfSignedCertificate } from '../../../harness/self-signed-certificate.ts';
import type { Statement } from '../../../testing/index.ts';

/** What a password policy says to a password that it refuses, said by the server itself. */
const REFUSAL = `DO $$ BEGIN RAISE 'password is in the list of leaked ones' USING ERRCODE = '22023'; END $$`;

/** Stands before a PostgreSQL for the functions of many secrets, and sees what they ask for, in messages of the protocol. */
export interface PostgresProxy {
  readonly port: number;
  /** What of it is one user's, and its administrator's while that works for the user. */
  forUser(username: string, statement: Statement): UsersProxy;
  close(): void;
}

interface UsersProxy {
  /** Logins that the server refused so far. */
  readonly refused: number;
  /** The next new password is refused, now and always. */
  refuseNext(): void;
}

/** One user's statements and passwords. */
interface User {
  readonly username: string;
  readonly statement: Statement;
  /** By the versions that they are of: the function says which as its application_name. */
  readonly refusedPasswords: Set<string>;
  refused: number;
  refusesNext: boolean;
}

/** With which a client asks whether the server speaks TLS, before anything else. */
const SSL_REQUEST = Buffer.from('0000000804d2162f', 'hex');

/**
 * Takes logins over TLS, with the certificate, and passes everything on to a server; each statement through the suite's hook.
 * @see https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export async function postgresProxy(
  server: { readonly port: number },
  { certificate, privateKey }: SelfSignedCertificate,
): Promise<PostgresProxy> {
  const sockets = new Set<Socket>();
  const users: User[] = [];

  const listener = createServer((plain) => {
    const upstream = connect(server.port, '127.0.0.1');
    const hangUp = () => [plain, upstream].map((socket) => socket.destroy());
    for (const socket of [plain, upstream]) {
      sockets.add(socket);
      socket
        .on('error', hangUp)
        .on('close', hangUp)
        .on('close', () => sockets.delete(socket));
    }
    plain.once('data', (chunk) => {
      if (!chunk.equals(SSL_REQUEST)) return hangUp();
      plain.write('S');
      const client = new TLSSocket(plain, { isServer: true, cert: certificate, key: privateKey });
      serve(client.on('error', hangUp), upstream, hangUp);
    });
  });

  function serve(client: Socket, upstream: Socket, hangUp: () => void): void {
    let version = '';
    let user: User | undefined;
    /** Who waits for the answer to a statement. */
    let asking: Asking | undefined;
    upstream.on('close', () => asking?.reject(new Error('The server ended the connection.')));
    let answer: Buffer[] = [];
    let asked: Buffer[] = [];
    let name = '';

    /** The first text that names a user tells whose connection it is: an administrator's login does not. */
    function learnUser(text: string): void {
      user ??= users.find(({ username }) => text.includes(username));
    }

    const fromServer = splitter(true, (message, type) => {
      const isRefusal = type === 'E' && version !== '' && asking === undefined;
      if (isRefusal && user && /C28(P01|000)\0/.test(message.toString('latin1'))) user.refused += 1;
      if (asking === undefined) client.write(message);
      else answer.push(message);
      if (type !== 'Z' || asking === undefined) return;
      asking.resolve(Buffer.concat(answer));
      asking = undefined;
      answer = [];
    });
    const fromClient = splitter(false, (message, type) => {
      const text = message.toString('utf8');
      learnUser(text);
      if (type === '') version = /application_name\0([^\0]*)/.exec(text)?.[1] ?? '';
      if (!'QPBDES'.includes(type) || type === '') return void upstream.write(message);
      asked.push(message);
      if (type === 'Q' || type === 'P') name = nameOf(message.toString('utf8', 5));
      if (type !== 'Q' && type !== 'S') return;
      const request = Buffer.concat(isRefused(name) ? [query(REFUSAL)] : asked);
      asked = [];
      if (user === undefined) throw new Error(`The statement ${name} names no user of the contract.`);
      user
        .statement(name, () => {
          asking = newAsking();
          upstream.write(request);
          return asking.promise;
        })
        .then((bytes) => client.write(bytes), hangUp);
    });
    client.on('data', fromClient);
    upstream.on('data', fromServer);

    function isRefused(what: string): boolean {
      if (!what.endsWith('PASSWORD') || user === undefined) return false;
      if (user.refusesNext) user.refusedPasswords.add(version);
      user.refusesNext = false;
      return user.refusedPasswords.has(version);
    }
  }

  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return {
    port: (listener.address() as AddressInfo).port,
    forUser(username, statement) {
      const user: User = { username, statement, refusedPasswords: new Set(), refused: 0, refusesNext: false };
      users.push(user);
      return {
        get refused() {
          return user.refused;
        },
        refuseNext: () => {
          user.refusesNext = true;
        },
      };
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
