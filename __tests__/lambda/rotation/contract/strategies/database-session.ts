import { RotationError, type RotationErrorCode } from 'rotaform/lambda';
import { postJson } from './post-json.ts';

export interface DatabaseLogin {
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

export interface DatabaseStatement {
  readonly what: 'CREATE USER' | 'DROP USER' | 'SHOW PRIVILEGES' | 'GRANT' | 'REVOKE' | 'SET PASSWORD';
  readonly user: string;
  readonly privileges?: readonly string[];
  readonly password?: string;
}

const CODES: Readonly<Record<number, RotationErrorCode>> = { 401: 'AUTHENTICATION', 403: 'PRIVILEGE', 422: 'POLICY' };

/** One connection to a database, whoever has logged in; it outlives a change of the password. */
export class DatabaseSession {
  private constructor(
    private readonly url: string,
    private readonly session: unknown,
    private readonly signal: AbortSignal | undefined,
  ) {}

  /** @throws AUTHENTICATION */
  static async login({ url, username, password }: DatabaseLogin, signal?: AbortSignal): Promise<DatabaseSession> {
    const { session } = await post(url, { username, password }, signal);
    return new DatabaseSession(url, session, signal);
  }

  /**
   * @returns the user's privileges
   * @throws PRIVILEGE, POLICY
   */
  async run(statement: DatabaseStatement): Promise<readonly string[]> {
    const { privileges } = await post(this.url, { session: this.session, ...statement }, this.signal);
    return privileges as string[];
  }
}

async function post(url: string, body: object, signal: AbortSignal | undefined) {
  const { status, answer } = await postJson(url, body, signal);
  if (status === 200) return answer;
  throw new RotationError(CODES[status] ?? 'INTERNAL', `The database answered with ${status}.`);
}
