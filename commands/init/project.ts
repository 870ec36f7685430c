import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

type Versions = Readonly<Record<string, string>>;

/** Of `package.json`, what is read here. */
export interface Manifest {
  readonly name?: string;
  readonly type?: string;
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
  /** Whether there is a CDKTF project, to which a secret is added. */
  readonly isCdktf: boolean;
  readonly packageManager: 'npm' | 'pnpm' | 'yarn';
  /** All its dependencies. */
  readonly dependencies: Versions;
}

const LOCK_FILES = {
  'pnpm-lock.yaml': 'pnpm',
  'pnpm-workspace.yaml': 'pnpm',
  'yarn.lock': 'yarn',
  'package-lock.json': 'npm',
} as const;

/** @throws Error package.json is not a JSON object */
export function readProject(): Project {
  const manifestText = existsSync('package.json') ? readFileSync('package.json', 'utf8') : '';
  const manifest = manifestText === '' ? undefined : parsed(manifestText);
  return {
    manifest,
    manifestText,
    isCdktf: existsSync('cdktf.json'),
    packageManager: packageManager(),
    dependencies: { ...manifest?.dependencies, ...manifest?.devDependencies },
  };
}

function parsed(text: string): Manifest {
  try {
    const manifest = JSON.parse(text.replace(/^\uFEFF/, ''));
    if (typeof manifest === 'object' && manifest !== null && !Array.isArray(manifest)) return manifest;
  } catch (error) {
    throw new Error(
      `package.json is not JSON: ${error instanceof Error ? error.message : error}. Nothing was written. Correct it, and run this again.`,
    );
  }
  throw new Error('package.json is no JSON object. Nothing was written. Correct it, and run this again.');
}

/** The one whose lock file is nearest, also above the folder: in a monorepo it is at the root. Else the one that runs this. */
function packageManager(): Project['packageManager'] {
  for (let folder = process.cwd(); ; folder = path.dirname(folder)) {
    for (const [file, manager] of Object.entries(LOCK_FILES)) {
      if (existsSync(path.join(folder, file))) return manager;
    }
    if (folder === path.dirname(folder)) break;
  }
  const [agent] = process.env.npm_config_user_agent?.split('/') ?? [];
  return agent === 'pnpm' || agent === 'yarn' ? agent : 'npm';
}
