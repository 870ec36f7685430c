import type { CheckContext } from '../rotation/index.ts';
import type { DatabaseSecret } from './database-secret.ts';

/** For `skip`: what no check can tell. */
export const PASSWORD_POLICY = [
  'The password policy of the server',
  'Only a new password shows whether the server accepts it: the first rotation sets one.',
] as const;

/**
 * Looks at the login of a user whose password an administrator sets. The rotation needs no old password, but from here the new one must
 * be let in.
 * @param logIn with the password that is stored
 * @param isWrongPassword whether an error means that, and nothing else
 */
export async function lookAtUnneededLogin(
  { host, username, password }: DatabaseSecret<string | undefined>,
  logIn: (password: string) => Promise<void>,
  isWrongPassword: (error: unknown) => boolean,
  { look, skip }: CheckContext<DatabaseSecret>,
): Promise<void> {
  const what = `The login of ${username}`;
  if (password === undefined) return skip(what, 'The secret has no password yet. The first rotation sets one.');
  const error: unknown = await logIn(password).catch((caught) => caught);
  if (error !== undefined && isWrongPassword(error)) {
    return skip(
      what,
      `${host} refuses the stored password. The rotation does not need it: the administrator sets a new one.`,
    );
  }
  await look(what, () => {
    if (error !== undefined) throw error;
  });
}
