import type { Framework } from './framework.ts';
import type { Project } from './project.ts';

/** What init writes, decided. */
export interface Choice {
  readonly project: Project;
  /** The secret's name, such as `my-app/db`. */
  readonly name: string;
  /** The construct's id, such as `db`. */
  readonly id: string;
  /** The whole name, fit for a user: `my-app-db`. */
  readonly slug: string;
  /** The stack's and the project's name, such as `my-app`. */
  readonly app: string;
  readonly framework: Framework;
  readonly isModule: boolean;
  /** The file of the declaration, without its extension: `secrets`, or `orders-db` for a later one. */
  readonly file: string;
  /** The function in it, such as `declareSecrets`. */
  readonly declare: string;
  /** Who runs the tests. */
  readonly runner: 'vitest' | 'jest';
  /** Where the package comes from, as package.json says it. */
  readonly source: string;
}

/** The file that the first secret of a project is declared in. */
export const FIRST_FILE = 'secrets';

/** A file beside this one, as an import names it. */
export const beside = ({ isModule }: Choice, file: string) => `./${file}${isModule ? '.js' : ''}`;

/** A module of a package without `exports`, as an import names it. */
export const within = ({ isModule }: Choice, file: string) => `${file}${isModule ? '/index.js' : ''}`;

/** What the secret opens on this machine, without its extension: `rotaform.local`, or `rotaform.orders-db.local`. */
export const localSetupFile = (file: string) => (file === FIRST_FILE ? 'rotaform.local' : `rotaform.${file}.local`);

/**
 * A name of the environment or of Terraform that another secret of the project may need, too: that of the first secret as it is, and
 * others with their file's name in front, in the same case.
 */
export function ownName({ file }: Pick<Choice, 'file'>, name: string): string {
  if (file === FIRST_FILE) return name;
  const prefix = `${file.replaceAll('-', '_')}_`;
  return (name === name.toUpperCase() ? prefix.toUpperCase() : prefix) + name;
}

/** In a pattern that takes properties: `PGHOST`, or `ORDERS_DB_PGHOST: PGHOST`. */
export function renamed(choice: Pick<Choice, 'file'>, name: string): string {
  const own = ownName(choice, name);
  return own === name ? name : `${own}: ${name}`;
}

/** Lower-case words with hyphens, beginning with a letter: `My App/db` → `my-app-db`. */
export function slugOf(text: string): string {
  const words = text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, MOST_CHARACTERS)
    .replace(/-+$/, '');
  if (words === '') return 'my-app';
  return /^[a-z]/.test(words) ? words : `my-${words}`;
}

/** Of a file's name there are 255 on most disks, and a person reads fewer. */
const MOST_CHARACTERS = 60;

/** `my-app-db` → `MyAppDb` */
export const pascal = (slug: string) => slug.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
