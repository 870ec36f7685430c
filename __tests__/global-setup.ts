import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('..', import.meta.url));
/** The functions' code, and what it is made of. */
const BUILT = 'dist/lambda';
const SOURCES = ['lambda', 'rules', 'constructs/code', 'package-lock.json'];

/**
 * Builds the functions of `lambda/`, if their sources have changed: synthesized stacks deploy what stands in `dist/`. Gives
 * all test files one folder for what each would else make anew: archives, the files of a new PostgreSQL.
 */
export function setup(): () => void {
  const stamp = path.join(project, 'dist/functions.sha256');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== hashOfAll()) {
    const program = path.join(project, 'constructs/code/build-functions.ts');
    execFileSync(process.execPath, ['--import', 'tsx', program], { stdio: 'inherit' });
    writeFileSync(stamp, hashOfAll());
  }
  const shared = mkdtempSync(path.join(tmpdir(), 'rotaform-tests-'));
  chmodSync(shared, 0o711); // PostgreSQL reads its template as another user.
  process.env.ROTAFORM_ARCHIVES = shared;
  process.env.ROTAFORM_POSTGRES_TEMPLATE = path.join(shared, 'postgres');
  return () => rmSync(shared, { recursive: true, force: true });
}

function hashOfAll(): string {
  const hash = createHash('sha256');
  for (const file of [...SOURCES, BUILT].flatMap(filesOf)) {
    hash.update(`${file}\0`).update(readFileSync(path.join(project, file)));
  }
  return hash.digest('hex');
}

/** The file, or all files below the folder. */
function filesOf(source: string): string[] {
  const entry = path.join(project, source);
  if (!existsSync(entry)) return [];
  if (statSync(entry).isFile()) return [source];
  return readdirSync(entry)
    .sort()
    .flatMap((name) => filesOf(path.join(source, name)));
}
