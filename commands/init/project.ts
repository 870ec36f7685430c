import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '../../rules/message-of.ts';
import { slugOf } from './choice.ts';

type Versions = Readonly<Record<string, string>>;

/** Of `package.json`, what is read here. */
export interface Manifest {
  readonly name?: string;
  readonly type?: string;
  readonly packageManager?: string;
  readonly scripts?: Versions;
  readonly dependencies?: Versions;
  readonly devDependencies?: Versions;
}

/** What is in the folder already. */
export interface Project {
  /** Undefined if there is no package.json. */
  readonly manifest: Manifest | undefined;
  /** `package.json` as it stands there. */
  readonly manifestText: string;
  /** Its name, fit for a stack: `my-app`. */
  readonly app: string;
  /** Whether there is a CDKTF project, to which a secret is added. */
  readonly isCdktf: boolean;
  readonly packageManager: 'npm' | 'pnpm' | 'yarn' | 'bun';
  /** The names of all that is in the folder. */
  readonly files: readonly string[];
  /** The texts of its programs, by name. */
  readonly sources: ReadonlyMap<string, string>;
  /** All its dependencies. */
  readonly dependencies: Versions;
}

const LOCK_FILES = {
  'pnpm-lock.yaml': 'pnpm',
  'pnpm-workspace.yaml': 'pnpm',
  'yarn.lock': 'yarn',
  'bun.lock': 'bun',
  'bun.lockb': 'bun',
  'package-lock.json': 'npm',
} as const;
const MANAGERS = ['npm', 'pnpm', 'yarn', 'bun'] as const;
/** No declaration that a person wrote is longer. */
const MOST_BYTES = 1_000_000;

/** @throws Error package.json is not a JSON object */
export function readProject(): Project {
  const manifestText = existsSync('package.json') ? readFileSync('package.json', 'utf8') : '';
  const manifest = manifestText === '' ? undefined : parsed(manifestText);
  const files = readdirSync('.');
  return {
    manifest,
    manifestText,
    app: slugOf(manifest?.name?.replace(/^@[^/]+\//, '') ?? path.basename(process.cwd())),
    isCdktf: existsSync('cdktf.json'),
    packageManager: packageManager(manifest),
    files,
    sources: new Map(files.filter(isProgram).map((file) => [file, readFileSync(file, 'utf8')])),
    dependencies: { ...manifest?.dependencies, ...manifest?.devDependencies },
  };
}

function parsed(text: string): Manifest {
  try {
    const manifest = JSON.parse(text.replace(/^\uFEFF/, ''));
    if (typeof manifest === 'object' && manifest !== null && !Array.isArray(manifest)) return manifest;
  } catch (error) {
    throw new Error(
      `package.json is not JSON: ${messageOf(error)}. Nothing was written. Correct it, and run this again.`,
    );
  }
  throw new Error('package.json is not a JSON object. Nothing was written. Correct it, and run this again.');
}

/** Above the project's folder. What cannot be read there is not ours to judge. */
function manifestIn(folder: string): Manifest | undefined {
  try {
    return parsed(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  } catch {
    return undefined;
  }
}

function isProgram(file: string): boolean {
  if (!/\.[cm]?[jt]s$/.test(file)) return false;
  const found = statSync(file, { throwIfNoEntry: false });
  return found?.isFile() === true && found.size <= MOST_BYTES;
}

/**
 * The one that the nearest package.json names, or whose lock file is nearest, also above the folder: in a monorepo both are at the
 * root. Else the one that runs this.
 */
function packageManager(manifest: Manifest | undefined): Project['packageManager'] {
  for (let folder = process.cwd(), own = manifest; ; folder = path.dirname(folder), own = manifestIn(folder)) {
    const named = MANAGERS.find((manager) => own?.packageManager?.startsWith?.(`${manager}@`));
    if (named !== undefined) return named;
    for (const [file, manager] of Object.entries(LOCK_FILES)) {
      if (existsSync(path.join(folder, file))) return manager;
    }
    // What is above the repository is somebody else's.
    if (existsSync(path.join(folder, '.git')) || folder === path.dirname(folder)) break;
  }
  const [agent] = process.env.npm_config_user_agent?.split('/') ?? [];
  return MANAGERS.find((manager) => manager === agent) ?? 'npm';
}
