import { mkdirSync, writeFileSync } from 'node:fs';
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
      if (!(error instanceof NotStrictJson)) throw error;
      blocks.add([], error.message, 'JSON with one meaning');
    }
  }
  return {
    refusals: [...refusals.found, ...blocks.found],
    copyTo: (target) => {
      mkdirSync(path.dirname(path.resolve(target)), { recursive: true });
      mkdirSync(target);
      for (const [name, content] of files) {
        const file = path.join(target, ...name.split('/'));
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, content, { flag: 'wx' });
      }
    },
  };
}
