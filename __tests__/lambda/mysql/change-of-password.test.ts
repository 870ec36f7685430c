import { describe, expect, it } from 'vitest';
import type { Account } from '../../../lambda/mysql/account.ts';
import { changeOfPassword } from '../../../lambda/mysql/change-of-password.ts';
import { CACHING_SHA2, NATIVE } from '../../../lambda/mysql/password-hash.ts';

const server = {
  isMariadb: false,
  tooOldFor: undefined,
  version: [8, 4, 0],
  account: { user: 'admin', host: '%' },
  mandatoryRoles: '',
  literal: (text: string) => `'${text}'`,
};
const hash = (password: string, version = password) => CACHING_SHA2.hash(password, version);

/** An account of MySQL with a primary password, and one that is retained. */
const accountOf = (primary: Buffer, retained?: Buffer, plugin = CACHING_SHA2.name): Account => ({
  user: 'app',
  host: '%',
  methods: [{ plugin, stored: primary }],
  ...(retained && { retained }),
  isRole: false,
  isLocked: false,
  needsCertificate: false,
  needsSecondFactor: false,
  others: [],
});

/** What is run before the new password is proved, and after it. */
function statementsFor(account: Account, live: string | undefined, isDual = true) {
  const wanted = { password: 'new', versionId: 'new', live, isDual };
  const { change, after: last } = changeOfPassword(account, wanted, server);
  return { change, last };
}

/** @see https://dev.mysql.com/doc/refman/8.4/en/password-management.html#dual-passwords */
describe('The statement that gives a user of MySQL a second password', () => {
  const set = `ALTER USER \`app\`@\`%\` IDENTIFIED WITH caching_sha2_password AS 0x${hash('new').toString('hex')}`;

  it('retains the live password', () => {
    expect(statementsFor(accountOf(hash('live')), 'live').change).toBe(`${set} RETAIN CURRENT PASSWORD`);
    expect(statementsFor(accountOf(hash('live'), hash('old')), 'live').change).toBe(`${set} RETAIN CURRENT PASSWORD`);
  });

  it('does not retain a password that was given up, if the live one is retained already', () => {
    expect(statementsFor(accountOf(hash('given up'), hash('live')), 'live').change).toBe(set);
  });

  it('is none if it was run before: a second one would drop the live password', () => {
    expect(statementsFor(accountOf(hash('new'), hash('live')), 'live').change).toBeUndefined();
  });

  it('retains what a person has set, if the secret knows neither password', () => {
    expect(statementsFor(accountOf(hash('by hand')), 'live').change).toBe(`${set} RETAIN CURRENT PASSWORD`);
    expect(statementsFor(accountOf(hash('by hand')), undefined).change).toBe(`${set} RETAIN CURRENT PASSWORD`);
  });

  it('does not retain an empty password, which MySQL refuses', () => {
    expect(statementsFor(accountOf(Buffer.alloc(0)), undefined).change).toBe(set);
  });

  it('keeps the plug-in of the account', () => {
    const native = accountOf(NATIVE.hash('live', ''), undefined, NATIVE.name);
    const text = NATIVE.hash('new', '').toString('hex');
    expect(statementsFor(native, 'live').change).toBe(
      `ALTER USER \`app\`@\`%\` IDENTIFIED WITH mysql_native_password AS 0x${text} RETAIN CURRENT PASSWORD`,
    );
  });

  it('retains nothing for a single user, and discards what was retained once the new password is proved', () => {
    const { change, last } = statementsFor(accountOf(hash('live'), hash('old')), 'live', false);
    expect([change, last]).toEqual([set, 'ALTER USER `app`@`%` DISCARD OLD PASSWORD']);
    expect(statementsFor(accountOf(hash('new'), hash('old')), 'live', false)).toEqual({
      change: undefined,
      last: 'ALTER USER `app`@`%` DISCARD OLD PASSWORD',
    });
  });
});

describe('The statement that changes a user of MariaDB back', () => {
  const onMariadb = { ...server, isMariadb: true, version: [10, 11, 14] };
  const native = (password: string) => ({ plugin: NATIVE.name, stored: NATIVE.hash(password, '') });
  const text = (password: string) => `\`mysql_native_password\` USING '${NATIVE.hash(password, '')}'`;
  const backOf = (passwords: readonly string[], live: string | undefined) =>
    changeOfPassword(
      { ...accountOf(hash('unused')), methods: passwords.map(native) },
      { password: 'new', versionId: 'new', live, isDual: false },
      onMariadb,
    ).back.replace('ALTER USER `app`@`%` IDENTIFIED VIA ', '');

  it('gives it what it had', () => {
    expect(backOf(['live'], 'live')).toBe(text('live'));
    expect(backOf(['live', 'older'], 'live')).toBe(`${text('live')} OR ${text('older')}`);
    expect(backOf(['by hand'], 'live')).toBe(text('by hand'));
    expect(backOf(['live', 'new'], 'live')).toBe(`${text('live')} OR ${text('new')}`);
  });

  it('gives it the live password in place of the new one that an attempt before has set', () => {
    expect(backOf(['new'], 'live')).toBe(text('live'));
    expect(backOf(['older', 'new'], 'live')).toBe(`${text('older')} OR ${text('live')}`);
    expect(backOf(['new'], undefined)).toBe(text('new'));
  });
});
