import { describe, expect, it } from 'vitest';
import { postgresServer } from '../../postgres-server.ts';
import { rotatedUser, SINGLE } from './rotated-user.ts';

const server = await postgresServer({ settings: { shared_preload_libraries: 'passwordcheck' } });

/** One of four passwords, `~~`, `~^`, `^~` and `^^`, to meet the policy by chance before long. */
const FOUR = {
  PASSWORD_LENGTH: '2',
  EXCLUDE_CHARACTERS: '!"#$%&\'()*+,-./:;<=>?@[\\]_`{|}',
  EXCLUDE_UPPERCASE: 'true',
  EXCLUDE_LOWERCASE: 'true',
  EXCLUDE_NUMBERS: 'true',
};

describe("PostgreSQL's own passwordcheck", () => {
  // It gets a verifier, and can only compare that with what it knows: the user's name as a password is refused.
  it('rejects a password permanently, and a later rotation makes another one', async () => {
    const user = await rotatedUser(server, { environment: { ...SINGLE, ...FOUR }, username: '~^' });
    let before = await user.login();
    let failure = await user.failure();
    while (failure === undefined) {
      before = await user.login();
      failure = await user.failure();
    }
    expect(failure).toMatchObject({
      code: 'POLICY',
      message: expect.stringMatching(/password must not equal user name/),
    });
    expect(await user.login()).toEqual(before);
    expect(await server.accepts(before)).toBe(true);
    expect(Object.values(await user.labels()).flat()).not.toContain('AWSPENDING');

    while ((await user.failure()) !== undefined);
    expect(await server.accepts(await user.login())).toBe(true);
  }, 120_000);
});
