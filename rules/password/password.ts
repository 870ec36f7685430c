import { randomInt } from 'node:crypto';
import {
  checkPasswordOptions,
  completePasswordOptions,
  type PasswordOptions,
  passwordAlphabet,
} from './password-options.ts';

/**
 * A new password from the operating system's random source: every password that fits the options is equally likely.
 *
 * @throws RangeError when no password can fit; the message is that of `checkPasswordOptions`.
 */
export function generatePassword(options: PasswordOptions = {}): string {
  const reason = checkPasswordOptions(options);
  if (reason !== undefined) throw new RangeError(reason);

  const { length } = completePasswordOptions(options);
  const { characters } = passwordAlphabet(options);
  // Unbiased: whole passwords are drawn uniformly and those that lack a required type thrown away, never repaired.
  // For the rarest fit (four characters, types of 32, 1, 1 and 1, and a space) one draw in 2,200 is kept.
  for (;;) {
    const password = Array.from({ length }, () => characters[randomInt(characters.length)]).join('');
    if (isPasswordOf(options, password)) return password;
  }
}

/** Whether `generatePassword` could have made this value with these options. */
export function isPasswordOf(options: PasswordOptions, value: string): boolean {
  const { length } = completePasswordOptions(options);
  const { characters, required } = passwordAlphabet(options);
  return (
    value.length === length &&
    [...value].every((character) => characters.includes(character)) &&
    required.every((type) => [...type].some((character) => value.includes(character)))
  );
}
