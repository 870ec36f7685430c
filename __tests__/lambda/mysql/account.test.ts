import { describe, expect, it } from 'vitest';
import { type Account, checkAccount } from '../../../lambda/mysql/account.ts';
import { ED25519, NATIVE } from '../../../lambda/mysql/password-hash.ts';
import type { MysqlOptions } from '../../../rules/mysql-rotation.ts';

const native = { plugin: NATIVE.name, stored: NATIVE.hash('the password', '') };
const accountOf = (...plugins: readonly string[]): Account => ({
  user: 'app',
  host: '10.%',
  methods: plugins.map((plugin) => (plugin === NATIVE.name ? native : { plugin, stored: Buffer.from('') })),
  isRole: false,
  isLocked: false,
  needsCertificate: false,
  needsSecondFactor: false,
  others: [],
});

function refusal(account: Account, strategy: MysqlOptions['strategy'] = 'single-user'): unknown {
  try {
    checkAccount(account, strategy);
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('An account', () => {
  it.each([
    ['unix_socket', /^'app'@'10\.%' logs in by the socket of its own machine\. There is nothing to rotate here\.$/],
    ['auth_socket', /by the socket of its own machine/],
    ['pam', /by PAM, so another system has the password/],
    ['gssapi', /by GSSAPI, so another system has the password/],
    ['authentication_ldap_simple', /by LDAP, so another system has the password/],
    ['AWSAuthenticationPlugin', /by IAM, with tokens that AWS makes\. There is nothing to rotate here/],
    ['mysql_no_login', /cannot log in at all/],
    ['sha256_password', /logs in by sha256_password: expected/],
  ])('that logs in only by %s is refused with an error that says so, whatever the strategy', (plugin, message) => {
    for (const strategy of ['single-user', 'dual-password', 'alternating-users'] as const) {
      expect(refusal(accountOf(plugin), strategy)).toMatchObject({
        code: 'CONFIGURATION',
        message: expect.stringMatching(message),
      });
    }
  });

  it('that logs in only by ed25519 is refused for two passwords, and has one otherwise', () => {
    const key = { plugin: ED25519.name, stored: ED25519.hash('the password', '') };
    const account = { ...accountOf(), methods: [key] };
    expect(refusal(account)).toBeUndefined();
    expect(refusal(account, 'alternating-users')).toBeUndefined();
    expect(refusal(account, 'dual-password')).toMatchObject({
      message: expect.stringMatching(/logs in by ed25519\..*Declare strategy 'single-user' or 'alternating-users'/),
    });
  });

  it('with a second login method is refused only for two passwords, and only if clients notice that method', () => {
    for (const plugin of ['unix_socket', 'ed25519', 'pam']) {
      const account = accountOf(NATIVE.name, plugin);
      expect(refusal(account)).toBeUndefined();
      expect(refusal(account, 'alternating-users')).toBeUndefined();
      if (plugin === 'unix_socket') expect(refusal(account, 'dual-password')).toBeUndefined();
      else
        expect(refusal(account, 'dual-password')).toMatchObject({
          message: expect.stringMatching(`also logs in by ${plugin}`),
        });
    }
  });
});
