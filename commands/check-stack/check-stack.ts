import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { checkBlocks } from './check-blocks.ts';
import { allowedWith } from './own-list.ts';
import { NotStrictJson, readStrictly } from './read-strictly.ts';
import { type Refusal, Refusals } from './refusals.ts';
import { readStackFiles, STACK_FILE } from './stack-files.ts';

export interface CheckedStack {
  /** Empty where the stack is accepted. */
  readonly refusals: readonly Refusal[];
  /** Writes what was checked, and nothing else, into a folder that is not there yet. */
  copyTo(folder: string): void;
}

/**
 * Checks a synthesized stack before `terraform init` sees it.
 * @param folder such as `cdktf.out/stacks/my-app`
 * @param ownList `rotaform.allow.json` of the base branch, where there is one
 * @throws OwnListError the list cannot be used
 */
export function checkStack(folder: string, ownList?: string): CheckedStack {
  const allowed = allowedWith(ownList);
  const { files, refusals } = readStackFiles(folder);
  const blocks = new Refusals(STACK_FILE);
  const bytes = files.get(STACK_FILE);
  if (bytes !== undefined) {
    try {
      checkBlocks(readStrictly(bytes), allowed, new Set(files.keys()), blocks);
    } catch (error) {
      // Whatever the check cannot cope with, it has not checked.
      if (error instanceof NotStrictJson) blocks.add([], error.message, 'JSON with one meaning');
      else blocks.add([], 'something that this check cannot read', 'what CDKTF synthesizes');
    }
  }
  return {
    refusals: [...refusals.found, ...blocks.found],
    copyTo: (target) => {
      const parent = path.dirname(path.resolve(target));
      mkdirSync(parent, { recursive: true });
      // Under its own name it is whole or not there.
      const unfinished = mkdtempSync(path.join(parent, '.check-stack-'));
      try {
        for (const [name, content] of files) {
          const file = path.join(unfinished, ...name.split('/'));
          mkdirSync(path.dirname(file), { recursive: true });
          writeFileSync(file, content, { flag: 'wx' });
        }
        chmodSync(unfinished, 0o755);
        renameSync(unfinished, target);
      } catch (error) {
        rmSync(unfinished, { recursive: true, force: true });
        throw error;
      }
    },
  };
}
