import type { Socket } from 'node:net';

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
  isRefused(fields: ErrorFields): boolean;
  /** Passes on that the connection has closed, after the server refused its login. */
  closeRefused(fields: ErrorFields, passOn: () => void): void;
}

const [AUTHENTICATION, ERROR] = ['R'.charCodeAt(0), 'E'.charCodeAt(0)];
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
 * Stands between a socket and its driver until the server has accepted the login, or refused it: the driver then learns
 * of a closed connection alone. After that the socket is as it was.
 *
 * @see https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-START-UP
 */
export function watchLogin(socket: Socket, login: PostgresLogin, watcher: Watcher): void {
  const own = socket as { -readonly [Name in 'write' | 'emit']?: unknown };
  const { write, emit } = socket;
  const passOn = (...event: [string, ...unknown[]]) => emit.apply(socket, event as Parameters<typeof emit>);
  let unread: Buffer = Buffer.alloc(0);
  let refusal: ErrorFields | undefined;

  own.write = (startup: Buffer, ...more: []) => {
    delete own.write;
    return write.call(socket, asUser(startup, login), ...more);
  };
  own.emit = (event: string, ...given: unknown[]) => {
    if (refusal) {
      // What comes between the refusal and the end of the connection is no news.
      if (event === 'close') watcher.closeRefused(refusal, () => passOn('close', false));
      return true;
    }
    if (event !== 'data') return passOn(event, ...given);
    unread = Buffer.concat([unread, given[0] as Buffer]);
    for (let message = next(unread); message; message = next(unread)) {
      unread = unread.subarray(message.length);
      const fields = message[0] === ERROR ? errorFields(message) : undefined;
      if (fields && watcher.isRefused(fields)) {
        refusal = fields;
        socket.destroy();
        return true;
      }
      const isDecided = fields !== undefined || (message[0] === AUTHENTICATION && message.readUInt32BE(5) === 0);
      if (isDecided) {
        delete own.emit;
        return passOn('data', Buffer.concat([message, unread]));
      }
      watcher.answer(() => passOn('data', message));
    }
    return true;
  };
}

/** The first message, if all of it is there. */
function next(bytes: Buffer): Buffer | undefined {
  const length = bytes.length < 5 ? Number.POSITIVE_INFINITY : 1 + bytes.readUInt32BE(1);
  return length <= bytes.length ? bytes.subarray(0, length) : undefined;
}

/** The driver's first message with another user and database; that which cancels a query stays as it is. */
function asUser(startup: Buffer, { user, database }: PostgresLogin): Buffer {
  if (startup.readUInt32BE(4) !== PROTOCOL_3) return startup;
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

function errorFields(message: Buffer): ErrorFields {
  const fields = message.toString('utf8', 5).split('\0');
  return Object.fromEntries(
    fields.filter((field) => field !== '').map((field) => [NAMES[field.charAt(0)] ?? field.charAt(0), field.slice(1)]),
  );
}
