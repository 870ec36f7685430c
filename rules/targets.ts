/** What a rotation can open: one function of `lambda/`, and all that belongs to it. */
export interface Target {
  /** In the README's table: what rotates. */
  readonly title: string;
  /** Its methods of `Rotation`. */
  readonly factories: readonly [string, ...string[]];
  /** Its page in `docs/`. */
  readonly page: string;
  /** `npm start -- SHOW`, which is `commands/start/SHOW/show-SHOW.ts`. @default `npm start` itself shows it */
  readonly show?: string;
  /** The most bytes of its archive, with the licenses of what is inside. */
  readonly archiveBudget: { readonly zip: number; readonly unzipped: number };
}

/**
 * Every target, by the name of its file in `lambda/`. The build, the archive budgets, the cold start bench, the shows and the
 * tests of everything go through this list.
 */
export const targets = {
  password: {
    title: 'A password',
    factories: ['password'],
    page: 'docs/password.md',
    archiveBudget: { zip: 62_000, unzipped: 185_000 },
  },
  postgres: {
    title: 'A PostgreSQL login',
    factories: ['postgres'],
    page: 'docs/postgres.md',
    show: 'postgres',
    archiveBudget: { zip: 106_000, unzipped: 315_000 },
  },
  mysql: {
    title: 'A login of MySQL or MariaDB',
    factories: ['mysql'],
    page: 'docs/mysql.md',
    show: 'mysql',
    archiveBudget: { zip: 132_000, unzipped: 410_000 },
  },
  'google-access-token': {
    title: 'A Google access token',
    factories: ['googleAccessToken'],
    page: 'docs/google.md',
    show: 'google',
    archiveBudget: { zip: 71_000, unzipped: 205_000 },
  },
  'oauth-token': {
    title: "An OAuth token, such as Auth0's",
    factories: ['oauthToken', 'auth0'],
    page: 'docs/oauth.md',
    show: 'auth0',
    archiveBudget: { zip: 80_000, unzipped: 233_000 },
  },
} as const satisfies Readonly<Record<string, Target>>;

export type TargetName = keyof typeof targets;

export const targetNames = Object.keys(targets) as readonly TargetName[];

export const isTargetName = (name: string): name is TargetName => Object.hasOwn(targets, name);

/** The functions of `lambda/` that rotate nothing. */
export const helpers = {
  /** Looks daily which secrets are overdue: `RotationAlarms`. */
  overdue: { archiveBudget: { zip: 53_000, unzipped: 160_000 } },
} as const satisfies Readonly<Record<string, Pick<Target, 'archiveBudget'>>>;

export type HelperName = keyof typeof helpers;

export const helperNames = Object.keys(helpers) as readonly HelperName[];
