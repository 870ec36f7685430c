import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { selfSignedCertificate } from '../../../harness/self-signed-certificate.ts';
import { CACHING_SHA2 } from '../../../lambda/mysql/password-hash.ts';

/** An account with the passwords that MySQL keeps of it, as hashes. */
interface StoredAccount {
  primary: Buffer;
  secondary?: Buffer | undefined;
}

type Row = Readonly<Record<string, string | null>>;

/** What a statement does to an account, by MySQL's manual; rows for a question. */
type Rule = readonly [RegExp, (match: RegExpExecArray, session: { user: string; id: number }) => readonly Row[]];

const hex = (bytes: Buffer | undefined) => bytes?.toString('hex').toUpperCase() ?? null;

/**
 * A stand-in for MySQL 8.4: its protocol over TLS, its logins by caching_sha2_password, and its two passwords an account, as its manual
 * describes them. It knows the statements of a rotation, and refuses any other as a syntax error.
 * @see https://dev.mysql.com/doc/refman/8.4/en/password-management.html#dual-passwords
 * @see https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase.html
 */
export async function mysqlStandIn(
  passwords: Readonly<Record<string, string>>,
  {
    isProxied = false,
    knowsAlter = true,
    version = '8.4.3',
    readOnly = '0,0',
    mandatoryRoles = '',
    retained = {},
    isFullAfterChange = false,
  }: {
    /** Whether sessions are another's, as behind RDS Proxy, ProxySQL and MaxScale. */ readonly isProxied?: boolean;
    /** Whether it takes ALTER USER, instead of calling it a syntax error. */ readonly knowsAlter?: boolean;
    readonly version?: string | null;
    readonly readOnly?: string;
    /** Older passwords, by user. */ readonly retained?: Readonly<Record<string, string>>;
    /** Whether the first login after a password was changed finds no connection left. */ readonly isFullAfterChange?: boolean;
    /** One named `dba` may create users. */ readonly mandatoryRoles?: string;
  } = {},
) {
  const { certificate, privateKey } = selfSignedCertificate('localhost', '127.0.0.1');
  const accounts = new Map(
    Object.entries(passwords).map(([user, password]): [string, StoredAccount] => [
      user,
      {
        primary: CACHING_SHA2.hash(password, user),
        ...(retained[user] !== undefined && { secondary: CACHING_SHA2.hash(retained[user], user) }),
      },
    ]),
  );
  const statements: string[] = [];
  let isFull = false;
  const accountOf = (user = ''): StoredAccount => {
    const found = accounts.get(user);
    if (found === undefined) throw new Error(`Operation ALTER USER failed for '${user}'@'%'`);
    return found;
  };
  const accepts = (user: string, password: string) => {
    const { primary, secondary } = accounts.get(user) ?? {};
    return [primary, secondary].some((hash) => hash !== undefined && CACHING_SHA2.matches(hash, password));
  };
  const rules: readonly Rule[] = [
    [
      /^SELECT VERSION\(\)/,
      (_, { user, id }) => [
        {
          version,
          mariadb: '0',
          account: `${user}@%`,
          id: String(isProxied ? id + 1_000 : id),
          mandatoryRoles,
          readOnly,
          locked: '1',
        },
      ],
    ],
    [
      /^SELECT Host AS host[\s\S]*User = '(\w+)'/,
      ([, user]) => {
        const { primary, secondary } = accountOf(user);
        return [{ host: '%', plugin: CACHING_SHA2.name, hash: hex(primary), retained: hex(secondary), locked: 'N' }];
      },
    ],
    [
      /^WITH RECURSIVE[\s\S]* UNION SELECT 'dba', '%'/,
      () => [{ name: 'dba', host: '%', what: 'Create_user', db: '', tableName: '' }],
    ],
    [/^WITH RECURSIVE|^SELECT 1$|^SET NAMES utf8mb4, SESSION |^SHOW (REPLICA|SLAVE) STATUS$/, () => []],
    [
      /^ALTER USER `(\w+)`@`%` IDENTIFIED WITH caching_sha2_password AS 0x([\da-f]+)( RETAIN CURRENT PASSWORD)?$/,
      ([, user, hash = '', retain]) => {
        const account = accountOf(user);
        // "Retains an account current password as its secondary password, replacing any existing secondary password."
        if (retain !== undefined) account.secondary = account.primary;
        account.primary = Buffer.from(hash, 'hex');
        isFull = isFullAfterChange;
        return [];
      },
    ],
    [
      /^ALTER USER `(\w+)`@`%` DISCARD OLD PASSWORD$/,
      ([, user]) => {
        accountOf(user).secondary = undefined;
        return [];
      },
    ],
    [
      /^ALTER USER USER\(\) IDENTIFIED BY '([^']+)' REPLACE '([^']+)'$/,
      ([, renewed = '', old = ''], { user }) => {
        const account = accountOf(user);
        if (!CACHING_SHA2.matches(account.primary, old)) throw new Error('Incorrect current password');
        account.primary = CACHING_SHA2.hash(renewed, user);
        return [];
      },
    ],
  ];

  let connections = 0;
  const server = createServer((plain) => {
    connections += 1;
    const id = connections;
    plain.on('error', () => {});
    plain.write(packet(0, greeting(id)));
    plain.once('data', (chunk: Buffer) => {
      const wish = 4 + chunk.readUIntLE(0, 3);
      plain.pause();
      if (chunk.length > wish) plain.unshift(chunk.subarray(wish));
      serve(new TLSSocket(plain, { isServer: true, cert: certificate, key: privateKey }), id);
    });
  });

  function serve(socket: Socket, id: number): void {
    let [user, isLoggedIn] = ['', false];
    let rest = Buffer.alloc(0);
    const answer = (number: number, ...bodies: Buffer[]) =>
      socket.write(Buffer.concat(bodies.map((body, index) => packet(number + index, body))));
    const onPacket = (number: number, body: Buffer) => {
      if (user === '') {
        // Flags, the most bytes of a packet, the character set and 23 bytes of nothing; then the user's name.
        user = body.toString('utf8', 32, body.indexOf(0, 32));
        return answer(number + 1, Buffer.from([1, 4])); // "Perform full authentication": the password, over TLS.
      }
      if (!isLoggedIn && isFull) {
        isFull = false;
        return answer(number + 1, error(1040, 'Too many connections'));
      }
      if (!isLoggedIn) {
        isLoggedIn = accepts(user, body.toString('utf8', 0, body.length - 1));
        return answer(number + 1, isLoggedIn ? OK : error(1045, `Access denied for user '${user}'@'localhost'`));
      }
      if (body[0] !== 3) return socket.end();
      const sql = body.toString('utf8', 1);
      statements.push(sql);
      try {
        // Servers repeat 80 characters from where they stopped to understand.
        if (!knowsAlter && sql.startsWith('ALTER')) {
          throw new Error(`You have an error in your SQL syntax; near '${sql.slice(14, 94)}' at line 1`);
        }
        const [pattern, run] = rules.find(([each]) => each.test(sql)) ?? [];
        const match = pattern?.exec(sql);
        if (match == null || run === undefined) throw new Error(`You have an error in your SQL syntax: ${sql}`);
        const rows = run(match, { user, id });
        return answer(1, ...(rows[0] === undefined ? [OK] : resultOf(Object.keys(rows[0]), rows)));
      } catch (caught) {
        return answer(1, error(1064, (caught as Error).message));
      }
    };
    socket
      .on('error', () => {})
      .on('data', (chunk: Buffer) => {
        rest = Buffer.concat([rest, chunk]);
        while (rest.length >= 4 && rest.length >= 4 + rest.readUIntLE(0, 3)) {
          const length = 4 + rest.readUIntLE(0, 3);
          const [number = 0, body] = [rest[3], rest.subarray(4, length)];
          rest = rest.subarray(length);
          onPacket(number, body);
        }
      });
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, ca: certificate, accepts, statements, close: () => server.close() };
}

function packet(number: number, body: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUIntLE(body.length, 0, 3);
  head[3] = number;
  return Buffer.concat([head, body]);
}

/** Protocol 4.1, TLS, plug-ins with lengths, and a scramble of 20 bytes. */
function greeting(id: number): Buffer {
  const [number, flags] = [Buffer.alloc(4), Buffer.alloc(4)];
  number.writeUInt32LE(id);
  flags.writeUInt32LE(0x38aa09);
  const [low, high] = [flags.subarray(0, 2), flags.subarray(2)];
  return Buffer.concat([
    ...[
      Buffer.from([10]),
      Buffer.from('8.4.3\0'),
      number,
      Buffer.from('12345678\0'),
      low,
      Buffer.from([255, 2, 0]),
      high,
    ],
    ...[Buffer.from([21]), Buffer.alloc(10), Buffer.from('123456789012\0'), Buffer.from(`${CACHING_SHA2.name}\0`)],
  ]);
}

const OK = Buffer.from([0, 0, 0, 2, 0, 0, 0]);
const END = Buffer.from([0xfe, 0, 0, 2, 0]);

function error(errno: number, message: string): Buffer {
  return Buffer.concat([Buffer.from([0xff, errno & 255, errno >> 8]), Buffer.from(`#42000${message}`)]);
}

function resultOf(columns: readonly string[], rows: readonly Row[]): Buffer[] {
  const definitions = columns.map((name) =>
    Buffer.concat([
      ...['def', '', '', '', name, ''].map(lengthened),
      Buffer.from([12, 45, 0, 255, 0, 0, 0, 0xfd, 0, 0, 0, 0, 0]),
    ]),
  );
  const values = rows.map((row) =>
    Buffer.concat(columns.map((name) => (row[name] == null ? Buffer.from([0xfb]) : lengthened(row[name])))),
  );
  return [Buffer.from([columns.length]), ...definitions, END, ...values, END];
}

/** A text with its length before it, which is below 251 here, or in two bytes. */
function lengthened(text: string): Buffer {
  const bytes = Buffer.from(text);
  const head = bytes.length < 251 ? [bytes.length] : [0xfc, bytes.length & 255, bytes.length >> 8];
  return Buffer.concat([Buffer.from(head), bytes]);
}
