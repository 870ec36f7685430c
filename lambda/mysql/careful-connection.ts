import type { Socket } from 'node:net';
import { checkServerIdentity, type TLSSocket } from 'node:tls';
import mysql, { type Connection } from 'mysql2';
import type { Database, Login } from '../databases/database-secret.ts';
import { trustedRoots } from '../databases/trusted-roots.ts';
import { RotationError } from '../rotation/index.ts';
import { ed25519Signature } from './ed25519.ts';

/** What of the driver no type of its own names. */
interface Startable extends Connection {
  stream: TLSSocket;
  startTLS(onSecure: (error?: Error) => void): void;
}

/** Ways to log in that would show the password itself to the server, or that are no password's. */
const REFUSED = [
  [
    'mysql_clear_password',
    'asks for the password in the clear. Nothing was sent. Give the user a password that the server stores itself.',
  ],
  [
    'sha256_password',
    'asks for the password by sha256_password, which sends it as it is. Nothing was sent. Use caching_sha2_password.',
  ],
  ['dialog', 'asks by PAM, so another system has the password. There is nothing to rotate here.'],
  ['mysql_old_password', 'has the password as servers before 4.1 stored it (old_passwords). Set it anew by hand.'],
  ['auth_gssapi_client', 'asks by GSSAPI, so another system has the password. There is nothing to rotate here.'],
] as const;

/**
 * A connection that never gives a password away: the driver's own would accept any name in the server's certificate if the host is an
 * address, and answers whatever the server asks for.
 */
export function carefulConnection(
  { host, port, ssl, ca, servername = host, dbname }: Database,
  { username, password }: Login,
  { socket, name }: { readonly socket: Socket; readonly name: string },
): Connection {
  const refused = REFUSED.map(([plugin, problem]) => {
    const refuse = () => {
      throw new RotationError('CONFIGURATION', `${host}:${port} ${problem}`);
    };
    return [plugin, refuse] as const;
  });
  const connection = mysql.createConnection({
    stream: socket,
    // Of these the driver makes the name that it asks for in TLS; the socket is connected elsewhere.
    host: servername,
    port,
    user: username,
    password,
    database: dbname,
    ...(ssl && { ssl: { ca: [...trustedRoots(ca)] } }),
    authPlugins: {
      ...Object.fromEntries(refused),
      client_ed25519: () => (message: Buffer) => ed25519Signature(password, message),
    },
    // Nothing of this machine is the server's to read.
    flags: ['-LOCAL_FILES'],
    connectAttributes: { program_name: name },
    connectTimeout: 0,
    // Rows are read by code that exists, not by code that is made for them.
    disableEval: true,
    bigNumberStrings: true,
    supportBigNumbers: true,
    dateStrings: true,
    jsonStrings: true,
  } as Parameters<typeof mysql.createConnection>[0] & object) as Startable;
  const startTls = connection.startTLS.bind(connection);
  connection.startTLS = (onSecure) =>
    startTls((error) => onSecure(error ?? checkServerIdentity(servername, connection.stream.getPeerCertificate(true))));
  return connection;
}
