import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { lostConnection } from './lost-connection.ts';

/** What the first message of a connection says, and the password that its server asks for later. */
export interface PostgresLogin {
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
}

/** Of an error that the server reports, by the names that Postgres.js gives them. */
export type ErrorFields = Readonly<Record<string, string>>;

interface Watcher {
  /** Passes on what the driver may answer with the password of this connection. */
  answer(passOn: () => void): void;
  /** What the driver would throw. */
  errorOf(fields: ErrorFields): Error;
  isRefused(error: Error): boolean;
  /** Passes on that the connection has closed, after its login was refused. */
  closeRefused(refusal: Error, passOn: () => void): void;
  /** Passes on that the connection was lost. */
  closeLost(passOn: () => void): void;
}

const [AUTHENTICATION, ERROR, READY] = Buffer.from('REZ');
/** Asks for a password that is hashed with the user's name, which the driver does not know. */
const MD5 = 5;
const PROTOCOL_3 = 196_608;
/** @see https://www.postgresql.org/docs/current/protocol-error-fields.html */
const NAMES: Readonly<Record<string, string>> = {
  S: 'severity_local',
  V: 'severity',
  C: 'code',
  M: 'message',
  D: 'detail',
  H: 'hint',
  F: 'file',
  L: 'line',
  R: 'routine',
};

/**
 * Stands between a socket and its driver until the server is ready for a query, or has refused the login: the driver then learns
 * of a closed connection alone. After that the socket is as it was.
 *
 * @see https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-START-UP
 */
export function watchLogin(socket: Socket, login: PostgresLogin, watcher: Watcher): void {
  const own = socket as { -readonly [Name in 'write' | 'emit']?: unknown };
  const { write, emit } = socket;
  const passOn = (...event: [string, ...unknown[]]) => emit.apply(socket, event as Parameters<typeof emit>);
  let unread: Buffer = Buffer.alloc(0);
  let refusal: Error | undefined;
  let hasFailed = false;
  const lost = lostConnection(socket);

  /** Whether that error is a refusal, of which the driver learns nothing. */
  function refuse(error: Error): boolean {
    if (watcher.isRefused(error)) refusal = error;
    return refusal !== undefined;
  }

  function read(message: Buffer): void {
    const kind = message[0];
    if (kind === ERROR && refuse(watcher.errorOf(errorFields(message)))) socket.destroy();
    else if (kind === ERROR || kind === READY) {
      const all = Buffer.concat([message, unread]);
      unread = Buffer.alloc(0);
      delete own.emit;
      passOn('data', all);
    } else if (kind === AUTHENTICATION && message.readUInt32BE(5) === MD5 && login.user !== undefined) {
      write.call(socket, md5Answer(login, message.subarray(9)));
    } else watcher.answer(() => passOn('data', message));
  }

  own.write = (first: Buffer, ...more: []) => {
    delete own.write;
    const isStartup = first.readUInt32BE(4) === PROTOCOL_3;
    // Or it cancels a query, and the server closes without a word.
    if (!isStartup) delete own.emit;
    return write.call(socket, isStartup ? asUser(first, login) : first, ...more);
  };
  own.emit = (event: string, ...given: unknown[]) => {
    if (event === 'data') {
      unread = Buffer.concat([unread, given[0] as Buffer]);
      for (let message = next(unread); message && !refusal; message = next(unread)) {
        unread = unread.subarray(message.length);
        read(message);
      }
      return true;
    }
    if (event === 'error') {
      hasFailed = true;
      if (refuse(given[0] as Error)) return true;
    }
    if (event !== 'close') return passOn(event, ...given);
    // Without an error the driver would connect again and again, and its query never end.
    if (!refusal && !hasFailed && !refuse(lost)) passOn('error', lost);
    if (refusal) watcher.closeRefused(refusal, () => passOn('close', false));
    else watcher.closeLost(() => passOn('close', true));
    return true;
  };
}

/** The first message, if all of it is there. */
function next(bytes: Buffer): Buffer | undefined {
  const length = bytes.length < 5 ? Number.POSITIVE_INFINITY : 1 + bytes.readUInt32BE(1);
  return length <= bytes.length ? bytes.subarray(0, length) : undefined;
}

/** The driver's first message with another user and database. */
function asUser(startup: Buffer, { user, database }: PostgresLogin): Buffer {
  const words = startup.toString('utf8', 8).split('\0');
  for (const [name, value] of Object.entries({ user, database })) {
    const at = words.findIndex((word, index) => index % 2 === 0 && word === name);
    if (value !== undefined && at >= 0) words[at + 1] = value;
  }
  const text = Buffer.from(words.join('\0'));
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + text.length);
  head.writeUInt32BE(PROTOCOL_3, 4);
  return Buffer.concat([head, text]);
}

/** @see https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-START-UP */
function md5Answer({ user, password }: PostgresLogin, salt: Buffer): Buffer {
  const md5 = (...parts: readonly (string | Buffer | undefined)[]) =>
    parts.reduce((hash, part) => hash.update(part ?? ''), createHash('md5')).digest('hex');
  const text = Buffer.from(`md5${md5(md5(password, user), salt)}\0`);
  const head = Buffer.from('p....');
  head.writeUInt32BE(4 + text.length, 1);
  return Buffer.concat([head, text]);
}

function errorFields(message: Buffer): ErrorFields {
  const fields = message.toString('utf8', 5).split('\0');
  return Object.fromEntries(
    fields.filter((field) => field !== '').map((field) => [NAMES[field.charAt(0)] ?? field.charAt(0), field.slice(1)]),
  );
}
