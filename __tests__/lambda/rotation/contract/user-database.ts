import { randomUUID } from 'node:crypto';
import type { Statement } from '../../../../testing/index.ts';
import type { JsonAnswer } from './json-server.ts';
import type { DatabaseStatement } from './strategies/database-session.ts';

export const ADMIN = { username: 'administrator', password: 'the password of the administrator' };

interface User {
  /** None while nobody can log in. */
  password?: string;
  privileges: readonly string[];
}

/** A database with users: passwords, privileges, sessions, a password policy, and an audit of refused logins. */
export class UserDatabase {
  readonly users = new Map<string, User>([[ADMIN.username, { ...ADMIN, privileges: ['ALL'] }]]);
  /** Logins that were refused. */
  refusedLogins = 0;
  /** Stores no more of a password than so many characters, and says nothing of it. @default everything */
  keptCharacters = Number.POSITIVE_INFINITY;
  readonly #sessions = new Map<string, string>();
  readonly #refusedPasswords = new Set<string>();
  #refusesNext = false;

  constructor(private readonly statement: Statement) {}

  /** Whether an application with that login gets in, and has these privileges, neither fewer nor more. */
  serves({ username, password }: { username: string; password: string }, privileges: readonly string[]): boolean {
    const user = this.users.get(username);
    return user?.password === password && String([...user.privileges].sort()) === String([...privileges].sort());
  }

  /** Sets a password that nobody knows, as a person does. */
  revoke({ username }: { username: string }): void {
    const user = this.users.get(username);
    if (user) user.password = randomUUID();
  }

  /** The next new password that is set goes against the policy, now and always. */
  refuseNext(): void {
    this.#refusesNext = true;
  }

  /** What comes over the wire: a login, or a statement in a session. */
  async answer(request: object): Promise<JsonAnswer> {
    if (!('session' in request)) return this.#login(request);
    const { session, ...statement } = request as { session: string } & DatabaseStatement;
    return this.statement(`${statement.what} ${statement.user}`, () => this.#run(session, statement));
  }

  #login({ username = '', password = '' }: { username?: string; password?: string }): JsonAnswer {
    if (password === '' || this.users.get(username)?.password !== password) {
      this.refusedLogins += 1;
      return [401, {}];
    }
    const session = String(this.#sessions.size + 1);
    this.#sessions.set(session, username);
    return [200, { session }];
  }

  #run(session: string, { what, user: name, privileges = [], password = '' }: DatabaseStatement): JsonAnswer {
    const self = this.#sessions.get(session);
    if (self !== ADMIN.username && (what !== 'SET PASSWORD' || name !== self)) return [403, {}];
    if (what === 'CREATE USER' && !this.users.has(name)) this.users.set(name, { privileges: [] });
    const user = this.users.get(name);
    if (user === undefined) return [404, {}];
    if (what === 'DROP USER') this.users.delete(name);
    if (what === 'GRANT') user.privileges = [...new Set([...user.privileges, ...privileges])];
    if (what === 'REVOKE') user.privileges = user.privileges.filter((each) => !privileges.includes(each));
    if (what === 'SET PASSWORD') {
      if (this.#refuses(password, user)) return [422, {}];
      user.password = password.slice(0, this.keptCharacters);
    }
    return [200, { privileges: user.privileges }];
  }

  #refuses(password: string, user: User): boolean {
    if (this.#refusesNext && password !== user.password) {
      this.#refusesNext = false;
      this.#refusedPasswords.add(password);
    }
    return this.#refusedPasswords.has(password);
  }
}
