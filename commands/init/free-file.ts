import { FIRST_FILE, localSetupFile, pascal } from './choice.ts';
import type { Project } from './project.ts';

/** What no file can be called on Windows, whatever its extension. */
const OF_WINDOWS = /^(con|prn|aux|nul|com\d|lpt\d)$/;
/** By these names Node.js, CDKTF or a test runner looks for files. */
const OF_OTHERS = ['cdktf', 'index', 'main', 'rotaform'];

/** How the file of a declaration may be called: `secrets`, or, if that is taken, after the secret. */
export function freeFile(slug: string, project: Project): string {
  if (!isTaken(FIRST_FILE, project)) return FIRST_FILE;
  for (let number = 1; ; number += 1) {
    const file = [slug, `${slug}-secret`][number - 1] ?? `${slug}-${number - 1}`;
    if (!OF_WINDOWS.test(file) && !OF_OTHERS.includes(file) && file !== FIRST_FILE && !isTaken(file, project))
      return file;
  }
}

/** The files beside the declaration, without their extensions. */
export const testFile = (file: string) => `${file}.test`;
export const strategyFile = (file: string) => `rotate-${file === FIRST_FILE ? 'api-key' : file}`;

/** Whether one of the files that init writes by that name is there, or what they declare. */
function isTaken(file: string, { files, sources }: Project): boolean {
  const there = new Set(files.map((name) => name.replace(/\.[cm]?[jt]sx?$/, '').toLowerCase()));
  if ([file, testFile(file), strategyFile(file), localSetupFile(file)].some((name) => there.has(name))) return true;
  if (file === FIRST_FILE) return false;
  return [...sources.values()].some((text) => text.includes(`'${file}'`) || text.includes(`declare${pascal(file)}(`));
}
