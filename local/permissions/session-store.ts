import { randomInt } from 'node:crypto';
import type { RoleSession } from './role-session.ts';

const KEY_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** How the access key ids of sessions begin that AssumeRole started here. No key of AWS begins this way. */
const ASSUMED = 'ASIALOCAL';

/** The sessions of roles in all accounts, by access key id. */
export class SessionStore {
  readonly #sessions = new Map<string, RoleSession>();

  /** Adds the session of one process of a function. @returns its access key id, which is unique and clearly not a real one */
  add(session: RoleSession): string {
    const accessKeyId = `local-function-${this.#sessions.size + 1}`;
    this.#sessions.set(accessKeyId, session);
    return accessKeyId;
  }

  /** Adds a session that AssumeRole started. @returns its access key id, in the form that AWS gives it */
  addAssumed(session: RoleSession): string {
    const rest = Array.from({ length: 20 - ASSUMED.length }, () => KEY_CHARACTERS[randomInt(KEY_CHARACTERS.length)]);
    const accessKeyId = `${ASSUMED}${rest.join('')}`;
    this.#sessions.set(accessKeyId, session);
    return accessKeyId;
  }

  /** Whose access key id this is. Also works after a function's process has ended, because a call may still be on its way. */
  find(accessKeyId: string): RoleSession | undefined {
    return this.#sessions.get(accessKeyId);
  }

  /** Whether the key is of a session that AssumeRole started, perhaps in a local AWS that has ended. */
  isAssumed(accessKeyId: string): boolean {
    return accessKeyId.startsWith(ASSUMED);
  }
}
