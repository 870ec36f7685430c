import { columns } from './code-judges.ts';
import { by, rows } from './judges.ts';
import type { Tables } from './of-projects.ts';

const help = by('docs/help.test.ts');
const OUTSIDE = 'commands/preflight/outside-seeds.ts';
const DUAL = [
  'lambda/mysql/dual-password.test.ts',
  'the previous password stays valid until the next rotation',
] as const;
const ALTERNATING = ['lambda/postgres/alternating-users.test.ts', 'the previous user keeps working'] as const;
const SINGLE = ['lambda/postgres/single-user.contract.test.ts', "'window'"] as const;
const TOKEN = ['lambda/google-access-token/google-access-token.contract.test.ts', "promise: 'overlap'"] as const;

/** What the command line does, and what is done by hand. */
export const OF_COMMANDS: Tables = {
  'docs/local-aws.md': [
    ['option', help],
    [
      'what you see',
      rows({
        'an action or a parameter': [
          'local/services.test.ts',
          'refuses an unknown action and an unknown parameter by name',
        ],
        'a 403': ['local/web-pages.test.ts', 'the local AWS refuses with 403, and says on the console,'],
        'the port is in use': ['local/local-aws.test.ts', 'says what it found and what to do when the port is in use'],
      }),
    ],
  ],
  'docs/preflight.md': [
    [
      'looked at',
      rows({
        'the rotation': [
          [OUTSIDE, 'a rotation that was canceled'],
          [OUTSIDE, 'a secret without a schedule'],
          [OUTSIDE, 'an earlier rotation that does not end'],
        ],
        'the function': [
          [OUTSIDE, 'a function that was deleted'],
          [OUTSIDE, 'a function whose archive is damaged'],
          [OUTSIDE, 'a function that Secrets Manager may invoke for another secret'],
        ],
        'its role': [
          [OUTSIDE, 'a role without an action'],
          [OUTSIDE, 'a role that may not use the key at all'],
        ],
        "the secret's own policy": [OUTSIDE, "a policy of the secret that denies the function's role"],
        'from the function': [
          [OUTSIDE, 'a function that cannot reach Secrets Manager'],
          [OUTSIDE, 'settings of the function that are wrong'],
        ],
        'the current value': [
          [OUTSIDE, 'a value that is no JSON'],
          [OUTSIDE, 'a field that has no place in the value'],
          ['commands/preflight/postgres-seeds.ts', 'a copy of the password in another field'],
        ],
        'PostgreSQL, MySQL': [
          ['commands/preflight/postgres-seeds.ts', 'a host that does not exist'],
          ['commands/preflight/postgres-seeds.ts', 'a root that the function does not trust'],
          ['commands/preflight/postgres-seeds.ts', 'a user with one connection'],
          ['commands/preflight/postgres-seeds.ts', 'a user outside of the declaration'],
          ['commands/preflight/mariadb-seeds.ts', 'an account that is locked'],
          ['commands/preflight/mariadb-seeds.ts', 'a privilege that the administrator cannot grant'],
        ],
        'OAuth, Google': [
          ['commands/preflight/token-seeds.ts', 'a client that the issuer refuses'],
          ['commands/preflight/token-seeds.ts', 'a token that does not live until the next rotation'],
        ],
        'a strategy of your own': [
          'lambda/rotation/check.test.ts',
          'runs the check of a strategy, whose errors are rows without values',
        ],
      }),
    ],
    ['option', help],
    ['exit code', help],
  ],
  'docs/revert.md': [
    [
      'what the secret opens',
      rows({
        'a database, single user': SINGLE,
        'a MySQL or MariaDB login': DUAL,
        'a database, alternating users': ALTERNATING,
        'a token, or an API key': TOKEN,
      }),
    ],
    ['AWS says', rows()],
  ],
  'docs/rotate-now.md': [
    [
      'what leaked',
      rows({
        'a database login with `single-user`': SINGLE,
        'a password': { limit: 'what checks a password reads it by itself' },
        'a database login with `alternating-users`': [ALTERNATING, DUAL],
        'an OAuth or a Google token': TOKEN,
        'what a strategy of your own': { limit: 'what the target does with an old key is its own' },
      }),
    ],
    ['exit code', help],
  ],
  'docs/status.md': [
    ['column', columns],
    ['option', help],
    ['exit code', help],
  ],
};
