import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Finished, runCommand } from '../run-command.ts';

/** `npm run package`, once for all test files of a run: two at a time would write over each other's files in `dist/`. */
export async function packOnce(): Promise<Finished> {
  const shared = process.env.ROTAFORM_ARCHIVES;
  if (shared === undefined) throw new Error('ROTAFORM_ARCHIVES is not set: __tests__/global-setup.ts did not run.');
  const packed = path.join(shared, 'packed.json');
  try {
    mkdirSync(path.join(shared, 'packing'));
  } catch {
    while (!existsSync(packed)) await sleep(500);
    return JSON.parse(readFileSync(packed, 'utf8'));
  }
  const finished = await runCommand('npm', ['run', '--silent', 'package']);
  writeFileSync(`${packed}.new`, JSON.stringify(finished));
  renameSync(`${packed}.new`, packed);
  return finished;
}
