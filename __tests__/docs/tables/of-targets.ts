import { strategies } from './code-judges.ts';
import { both, by, codes, codesOf, type Ground, members, rows, valuesOf } from './judges.ts';
import type { Tables } from './of-projects.ts';
import { fields, initialValues, providerSources, storedFields } from './value-judges.ts';

const functionCodes = codes('lambda/rotation/rotation-error.ts', 'RotationErrorCode');
const options = by('docs/option-tables.test.ts');
const answers = by('docs/answers.test.ts');
const guarantees = by('docs/guarantees.test.ts');

const SCRUBBER = 'lambda/rotation/scrubber.test.ts';
const ATTACKS = 'adversary/administrators-login.test.ts';

/** What is compared with the declaration before a login is sent. */
const declaredPlaces: Readonly<Record<string, readonly Ground[]>> = {
  '`host`, `port`': [
    [ATTACKS, 'gets no connection by storing %s'],
    [ATTACKS, 'goes where its own secret says, if the declaration is silent'],
  ],
  '`masterarn`': [[ATTACKS, 'and stores an administrator that is not declared gets no connection']],
  '`username`': [[ATTACKS, 'and stores the name of %s gets no credentials for it']],
};
const notEncrypted: Readonly<Record<string, readonly Ground[]>> = {
  '`"ssl": false`': [[ATTACKS, 'and stores "ssl": false and %s there gets no connection']],
};

/** What rotates, and how. */
export const OF_TARGETS: Tables = {
  'docs/custom-strategy.md': [
    ['function', members('RotationStrategy')],
    [
      'scrubbed | not scrubbed',
      rows({
        'every string of the secret': [
          [SCRUBBER, 'removes long numbers, but not ports'],
          [SCRUBBER, 'removes each line of a multi-line value, but not the lines that every key has'],
          [SCRUBBER, 'leaves public fields, but only at the top level'],
        ],
        'the password in a URL': [SCRUBBER, 'removes what is inside a value that is JSON, and the password of a URL'],
        'encoded values of 8': [
          [SCRUBBER, 'finds any value in any encoding, at any position'],
          [SCRUBBER, 'removes a short value as written, but not its other encodings'],
          [SCRUBBER, 'removes a very short value as a word'],
        ],
        'a value that is split': { limit: 'one text at a time is searched' },
        'a string that you throw': { limit: 'only what a step throws and prints is searched' },
      }),
    ],
    ['code', functionCodes],
  ],
  'docs/google.md': [
    ['option', options],
    ['`lifetimeSeconds`', answers],
    ['Google says', answers],
  ],
  'docs/mysql.md': [
    ['| `dual-password`', strategies],
    ['option', options],
    ['question', guarantees],
    ['in the rotated secret', rows({ ...declaredPlaces, ...notEncrypted })],
    ['code', both(answers, codesOf('lambda/mysql', 'lambda/databases'))],
  ],
  'docs/oauth.md': [
    ['field', storedFields],
    ['token', answers],
    ['provider', providerSources],
    ['option', options],
    ['`authentication`', valuesOf('rules/oauth-token.ts', 'ClientAuthentication')],
    ['`proof`', valuesOf('rules/oauth-token.ts', 'TokenProof')],
    ['`errorCode`', codesOf('lambda/oauth-token', 'lambda/issuers')],
  ],
  'docs/options.md': [
    ['option', options],
    ['option', options],
  ],
  'docs/password.md': [
    ['option', options],
    ['`field`', fields],
    ['code', functionCodes],
  ],
  'docs/postgres.md': [
    ['| `alternating-users`', strategies],
    ['question', guarantees],
    ['option', options],
    [
      'in the rotated secret',
      rows({
        ...declaredPlaces,
        '`dbname`': [ATTACKS, 'and stores the name of another database cannot change anything there'],
        ...notEncrypted,
        '`ca`, `servername`': [
          ATTACKS,
          "and stores another ca and servername does not weaken the administrator's login",
        ],
      }),
    ],
    ['code', codesOf('lambda/postgres', 'lambda/databases')],
  ],
  'docs/schedule.md': [
    ['you want', answers],
    ['you want', by('modules/pages.test.ts')],
  ],
  'docs/static-secret.md': [
    ['`initial` is', initialValues],
    [
      'what you see',
      rows({
        'AWS refuses an empty value': 'secret_string_wo_version',
        'readers get `ResourceNotFoundException`': 'ResourceNotFoundException',
      }),
    ],
  ],
  'docs/test-a-strategy.md': [
    ['give', members('StrategyUnderTest TargetUnderTest')],
    ['set', rows({ '`pairs: 20`': 'pairs' })],
  ],
};
