import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { connect as connectTls, TLSSocket } from 'node:tls';
import type { SelfSignedCertificate } from '../../../harness/self-signed-certificate.ts';
import type { Statement } from '../../../testing/index.ts';

/** What a password policy says to a password that it refuses, said by the server itself. */
const REFUSAL =
  "SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 1819, MESSAGE_TEXT = 'the password is in the list of leaked ones'";

/** Of the protocol's commands, the one that runs a statement. */
const COM_QUERY = 3;
const [OK, EOF, ERROR] = [0x00, 0xfe, 0xff];
/** More than an EOF packet is a row. */
const EOF_BYTES = 9;

/** Stands before a server for the functions of many secrets, and sees what they ask for, in packets of the protocol. */
export interface MysqlProxy {
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
  /** By the versions that they are of: the function says which as its program_name. */
  readonly refusedPasswords: Set<string>;
  refused: number;
  refusesNext: boolean;
}

/**
 * Takes logins over TLS, with the certificate, and passes everything on to a server over TLS; each statement through the suite's hook.
 * @see https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_packets.html
 */
export async function mysqlProxy(
  server: { readonly port: number; readonly ca: string },
  { certificate, privateKey }: SelfSignedCertificate,
): Promise<MysqlProxy> {
  const sockets = new Set<Socket>();
  const users: User[] = [];

  const listener = createServer((plain) => {
    const upstream = connect(server.port, '127.0.0.1');
    const hangUp = () => {
      for (const socket of [plain, upstream]) socket.destroy();
    };
    for (const socket of [plain, upstream]) {
      sockets.add(socket);
      socket
        .on('error', hangUp)
        .on('close', hangUp)
        .on('close', () => sockets.delete(socket));
    }
    // The server's greeting, and then the client's wish for TLS: the same bytes on both sides.
    upstream.once('data', (greeting) => plain.write(greeting));
    plain.once('data', (chunk) => {
      const wish = chunk.subarray(0, 4 + chunk.readUIntLE(0, 3));
      plain.pause();
      // A client does not wait for an answer: what follows is TLS.
      if (chunk.length > wish.length) plain.unshift(chunk.subarray(wish.length));
      upstream.removeAllListeners('data');
      upstream.write(wish);
      const client = new TLSSocket(plain, { isServer: true, cert: certificate, key: privateKey });
      const secure = connectTls({ socket: upstream, ca: server.ca, servername: 'localhost' });
      for (const socket of [client, secure]) socket.on('error', hangUp);
      serve(client, secure, hangUp);
    });
  });

  function serve(client: Socket, upstream: Socket, hangUp: () => void): void {
    let [isLoggedIn, version] = [false, ''];
    let user: User | undefined;
    let answer: Answer | undefined;
    upstream.on('close', () => answer?.reject(new Error('The server ended the connection.')));

    const fromServer = splitter((packet) => {
      const first = packet[4];
      if (answer !== undefined) {
        if (answer.add(packet)) answer = undefined;
        return;
      }
      client.write(packet);
      if (isLoggedIn) return;
      if (first === ERROR && user !== undefined && packet.readUInt16LE(5) === 1045) user.refused += 1;
      isLoggedIn = first === OK;
    });
    const fromClient = splitter((packet) => {
      // To MySQL, a client tells before each statement that it has no attributes.
      const start = packet[4] === COM_QUERY && packet[5] === 0 ? 7 : 5;
      const text = packet.toString('utf8', start);
      // The first text that names a user tells whose connection it is: an administrator's login does not.
      user ??= users.find(({ username }) => text.includes(username));
      version ||= /rotaform ([\w-]{36})/.exec(text)?.[1] ?? '';
      // The first statement of an administrator takes a lock whose name is a hash.
      if (!isLoggedIn || packet[4] !== COM_QUERY || user === undefined) return void upstream.write(packet);
      const name = nameOf(text);
      const request = isRefused(name) ? query(packet.subarray(4, start), REFUSAL) : packet;
      user
        .statement(name, () => {
          answer = newAnswer();
          upstream.write(request);
          return answer.promise;
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

interface Answer {
  readonly promise: Promise<Buffer>;
  readonly reject: (reason: Error) => void;
  /** @returns whether the answer is complete */
  add(packet: Buffer): boolean;
}

/** An answer to a statement: OK, an error, or columns and rows, each list with an EOF packet at its end. */
function newAnswer(): Answer {
  const packets: Buffer[] = [];
  let ends = 0;
  let [resolve, reject]: [(answer: Buffer) => void, (reason: Error) => void] = [() => {}, () => {}];
  const promise = new Promise<Buffer>((...settle) => {
    [resolve, reject] = settle;
  });
  return {
    promise,
    reject: (reason) => reject(reason),
    add(packet) {
      packets.push(packet);
      const first = packet[4];
      if (first === EOF && packet.length <= EOF_BYTES) ends += 1;
      const isComplete = first === ERROR || ends === 2 || (packets.length === 1 && first === OK);
      if (isComplete) resolve(Buffer.concat(packets));
      return isComplete;
    },
  };
}

/** Cuts a stream into packets: three bytes of length, and a number. */
function splitter(onPacket: (packet: Buffer) => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 4 && rest.length >= 4 + rest.readUIntLE(0, 3)) {
      const packet = rest.subarray(0, 4 + rest.readUIntLE(0, 3));
      rest = rest.subarray(packet.length);
      onPacket(packet);
    }
  };
}

/** @param before the command, and what the client tells with it */
function query(before: Buffer, sql: string): Buffer {
  const body = Buffer.concat([before, Buffer.from(sql)]);
  const head = Buffer.alloc(4);
  head.writeUIntLE(body.length, 0, 3);
  return Buffer.concat([head, body]);
}

/** Such as `ALTER USER … PASSWORD`, without names and values. */
function nameOf(sql: string): string {
  const words = sql.trim().split(/\s+/).slice(0, 2).join(' ');
  return /IDENTIFIED (VIA|WITH|BY)|^SET PASSWORD/.test(sql) ? `${words.replace(' PASSWORD', '')} … PASSWORD` : words;
}
