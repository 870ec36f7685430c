import type { Project } from './project.ts';

/** What init writes, decided. */
export interface Choice {
  readonly project: Project;
  /** The secret's name, such as `my-app/db`. */
  readonly name: string;
  /** The last part of its name, fit for an id: `db`. */
  readonly id: string;
  /** The whole name, fit for a user or a file: `my-app-db`. */
  readonly slug: string;
  /** The stack's and the project's name, such as `my-app`. */
  readonly app: string;
  readonly isModule: boolean;
  /** The file of the declaration, without its extension, such as `secrets`. */
  readonly file: string;
  /** The function in it, such as `declareSecrets`. */
  readonly declare: string;
  /** Who runs the tests. */
  readonly runner: 'vitest' | 'jest';
  /** Where the package comes from, as package.json says it. */
  readonly source: string;
}

/** A file beside this one, as an import names it. */
export const beside = ({ isModule }: Choice, file: string) => `./${file}${isModule ? '.js' : ''}`;

/** A module of a package without `exports`, as an import names it. */
export const within = ({ isModule }: Choice, file: string) => `${file}${isModule ? '/index.js' : ''}`;

/** Lower-case words with hyphens, beginning with a letter: `My App/db` → `my-app-db`. */
export function slugOf(text: string): string {
  const words = text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  if (words === '') return 'my-app';
  return /^[a-z]/.test(words) ? words : `my-${words}`;
}

/** `my-app-db` → `MyAppDb` */
export const pascal = (slug: string) => slug.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
