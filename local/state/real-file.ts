import { readlinkSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { codeOf } from './lock-file.ts';

/** The file that a path means, through symbolic links, even if nobody has written it yet. So it has one name, and one lock. */
export function realFile(file: string): string {
  const whole = path.resolve(file);
  const folder = path.dirname(whole);
  try {
    return realpathSync(whole);
  } catch (error) {
    // A loop, or a folder that cannot be read: whoever opens it says so.
    if (codeOf(error) !== 'ENOENT') return whole;
  }
  const target = targetOf(whole);
  if (target !== undefined) return realFile(path.resolve(folder, target));
  return folder === whole ? whole : path.join(realFile(folder), path.basename(whole));
}

function targetOf(link: string): string | undefined {
  try {
    return readlinkSync(link);
  } catch {
    return undefined;
  }
}
