import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** What a row of the table rests on: a part of a test's title, by its file. */
type Tests = Readonly<Record<string, readonly string[]>>;

const STUCK = 'adversary/stuck.test.ts';
const ODD = 'adversary/odd-settings.test.ts';
const SINGLE = 'lambda/postgres/single-user.test.ts';
const BETWEEN = 'adversary/between-steps.test.ts';
const BESIDE = 'rotates while its open sessions, long transactions and temporary tables go on';

/** The tests of each row, by how its question begins. */
const POSTGRES: Readonly<Record<string, Tests>> = {
  'Is a login with `AWSCURRENT`': {
    'lambda/postgres/single-user.contract.test.ts': [
      "'PostgreSQL, single user', { ROTATION_STRATEGY: 'single-user' }, 'window'",
    ],
    'lambda/postgres/alternating-users.contract.test.ts': [
      "'PostgreSQL, alternating users', { ROTATION_STRATEGY: 'alternating-users' }, 'overlap'",
    ],
  },
  'Is a login with the previous password': {
    [SINGLE]: ['gets a new password with 9 calls'],
    'lambda/postgres/alternating-users.test.ts': ['the previous user keeps working'],
  },
  'Do open sessions': {
    [SINGLE]: [BESIDE],
    'adversary/alternating-memberships.test.ts': ['without a refusal for its open sessions'],
  },
  'Can access be lost': {
    'adversary/odd-passwords-and-urls.test.ts': ['is found again after one version that was set and seven later ones'],
    'lambda/postgres/alternating-users.contract.test.ts': ["'overlap'"],
  },
  'Can a finished rotation be undone': {
    'adversary/late-proof.test.ts': [
      'changes nothing back if a second attempt has finished the rotation when it wakes',
    ],
  },
  'Who waits': {
    'adversary/odd-passwords-and-urls.test.ts': ['is changed by one rotation at a time'],
    'lambda/postgres/failures.test.ts': ['try for eight seconds to get a lock'],
    [STUCK]: ['nobody waits long behind it'],
  },
  'Can a long transaction': { [SINGLE]: [BESIDE], [STUCK]: ['waits for a long transaction'] },
  'Do temporary tables': {
    [SINGLE]: [BESIDE],
    [STUCK]: ['keeps creating temporary tables', 'temporary tables with grants stay'],
  },
  'What about sessions from before': {
    [SINGLE]: [BESIDE],
    'adversary/alternating-grants.test.ts': ['can use at once what a session opened before the first rotation creates'],
  },
  'Does a pooler': {
    'adversary/pooler.test.ts': ['is refused by name for %s, and nothing is changed'],
    'client/pgbouncer.test.ts': ['loses no query of %s to a rotation of a single user'],
  },
  'Does a replica': { 'adversary/replica.test.ts': ['is refused as a replica for every strategy'] },
  'What if a user has a `CONNECTION LIMIT`': {
    [SINGLE]: ['rotates with CONNECTION LIMIT 1'],
    [ODD]: ['in a database that lets in one session', 'needs one free connection of the user whose turn it is'],
  },
  'What if a user has a `VALID UNTIL`': {
    [STUCK]: ['says what to do if the password has expired, and changes nothing'],
    'lambda/postgres/alternating-users.test.ts': ["VALID UNTIL '2100-01-01'"],
  },
  'What about `password_encryption': {
    [STUCK]: ['keeps MD5 if the user has it and that is allowed', 'keeps SCRAM if the user has it'],
  },
  'What about `scram_iterations`': { [STUCK]: ['gets as many for %s'] },
  'What about timeouts': {
    [STUCK]: ['whatever timeouts the roles have', 'read-only by default'],
    [ODD]: [
      'every timeout at 1 ms',
      'is not led astray by session_authorization',
      'even if transactions are serializable',
    ],
    'adversary/database-owner.test.ts': ['run as the administrator by the search_path of the database', 'role = $u'],
  },
  'What about settings that only a superuser': {
    'adversary/superuser-settings.test.ts': ['is named in an error before anything changes'],
  },
  'What about event triggers': {
    'adversary/event-triggers.test.ts': ['that raises ends the rotation', 'lets the rotation pass'],
  },
  'What if the server restarts': {
    [BETWEEN]: ['the rotation goes on', 'the next attempt succeeds'],
    'lambda/postgres/failures.test.ts': ['restarts during a rotation, and the next attempt succeeds'],
  },
  'What if somebody moves `AWSPENDING`': {
    [BETWEEN]: ['the late steps change nothing, and the next rotation finds its way'],
  },
  'What does the server’s log': { 'adversary/server-log.test.ts': ['has no password of %s in its log'] },
};

const IN_MYSQL = 'lambda/mysql/';
const LIMITS = `${IN_MYSQL}limits-and-locks.test.ts`;

const MYSQL: Readonly<Record<string, Tests>> = {
  'Is a login with `AWSCURRENT`': {
    [`${IN_MYSQL}single-user.contract.test.ts`]: ["'MariaDB, single user'"],
    [`${IN_MYSQL}dual-password.contract.test.ts`]: ["'MariaDB, two passwords'"],
    [`${IN_MYSQL}alternating-users.contract.test.ts`]: ["'MariaDB, alternating users'"],
  },
  'Is a login with the previous password': {
    [`${IN_MYSQL}dual-password.test.ts`]: ['the previous password stays valid until the next rotation'],
    [`${IN_MYSQL}alternating-users.test.ts`]: ['the previous user keeps working'],
    [`${IN_MYSQL}mysql-alternating-users.test.ts`]: ['the previous one keeps working'],
  },
  'Do open sessions': { [LIMITS]: ['a user whose only session the application has rotates by an administrator'] },
  'Can access be lost': {
    [`${IN_MYSQL}dual-password.test.ts`]: ['keeps the live password however often a rotation is given up'],
    [`${IN_MYSQL}late-attempt.test.ts`]: ['changes nothing, and AWSCURRENT stays valid: %s'],
  },
  'Who waits': { [LIMITS]: ['a lock whose name everybody can guess stops no rotation'] },
  'Does a password reach': {
    [`${IN_MYSQL}masked-version.test.ts`]: ['gets only hashes, and rotates: %s'],
    [`${IN_MYSQL}dual-password.test.ts`]: ['no log, no table of processes and no binary log has a password'],
    [`${IN_MYSQL}mysql-passwords.test.ts`]: ['are in no log, no list of processes and no binary log: %s'],
    [`${IN_MYSQL}mysql-stand-in.test.ts`]: ['is told no part of a password by the log'],
  },
  'Does a proxy': { [`${IN_MYSQL}mysql-stand-in.test.ts`]: ['a proxy, whose sessions are another one’s'] },
  'Does a replica': { [`${IN_MYSQL}replica.test.ts`]: ['is refused by name'] },
  'Does a limit of connections': {
    [LIMITS]: ['a user whose limit leaves the function no login is told so by name, and stays as it is'],
  },
  'Does a backup': {
    [LIMITS]: ['the server gives up before the function does, and then the change is made'],
    [`${IN_MYSQL}mysql-limits.test.ts`]: ['the server gives up before the function does, and then the change is made'],
  },
};

it.each([
  ['docs/postgres.md', POSTGRES],
  ['docs/mysql.md', MYSQL],
])('%s guarantees nothing without a test, row by row', (page, guarantees) => {
  const [, section = ''] = /^## What is guaranteed\n(.*?)^## /ms.exec(readFileSync(page, 'utf8')) ?? [];
  const [table = ''] = /(?:^\|.*\n)+/m.exec(section) ?? [];
  const questions = table
    .trim()
    .split('\n')
    .slice(2)
    .map((row) => (row.split('|')[1] ?? '').trim().replaceAll("'", '’'));
  const beginnings = Object.keys(guarantees);
  expect(questions.map((question) => beginnings.find((beginning) => question.startsWith(beginning)))).toEqual(
    beginnings,
  );
  for (const [beginning, tests] of Object.entries(guarantees)) {
    for (const [file, titles] of Object.entries(tests)) {
      const source = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
      for (const title of titles) expect(source, `${beginning}: ${file}`).toContain(title);
    }
  }
});
