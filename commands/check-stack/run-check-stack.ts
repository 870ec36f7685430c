import { existsSync, lstatSync } from 'node:fs';
import { messageOf } from '../../rules/message-of.ts';
import { page } from '../../rules/page.ts';
import { spelled } from '../spelling.ts';
import { UsageError } from '../usage-error.ts';
import { checkStack } from './check-stack.ts';
import { describeAllowed } from './describe-allowed.ts';
import { OwnListError } from './own-list.ts';
import type { Refusal } from './refusals.ts';

export interface CheckStackOptions {
  readonly allow?: string;
  readonly copyTo?: string;
  readonly list?: boolean;
  readonly json?: boolean;
}

const MOST_LINES = 50;

/** Says whether a synthesized stack holds only what is on the list, before Terraform sees it. @returns the exit code */
export async function runCheckStack(folders: readonly string[], options: CheckStackOptions): Promise<number> {
  if (options.list) {
    process.stdout.write(describeAllowed());
    return 0;
  }
  const folder = checkedFolder(folders, options);
  try {
    return report(folder, options);
  } catch (error) {
    if (error instanceof OwnListError) throw new UsageError(error.message);
    throw new UsageError(`Nothing was checked: ${messageOf(error)}`);
  }
}

function checkedFolder(folders: readonly string[], { copyTo }: CheckStackOptions): string {
  const [folder = '', ...more] = folders;
  if (folder === '' || more.length > 0) {
    throw new UsageError(
      `Expected one folder, found ${folders.length}: ${spelled('check-stack', 'cdktf.out/stacks/my-app')}`,
    );
  }
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UsageError(`${folder} is not a folder. Run ${spelled('synth')}, and give the folder of a stack.`);
  }
  if (copyTo !== undefined && existsSync(copyTo)) {
    throw new UsageError(`--copy-to is ${copyTo}, which already exists. Name a folder that does not exist.`);
  }
  return folder;
}

/** @returns the exit code */
function report(folder: string, { allow, copyTo: target, json }: CheckStackOptions): number {
  const { refusals, copyTo } = checkStack(folder, allow);
  const isAccepted = refusals.length === 0;
  if (isAccepted && target !== undefined) copyTo(target);
  if (json) console.log(JSON.stringify({ folder, accepted: isAccepted, refusals }));
  else if (isAccepted) {
    console.log(`${folder} holds only what is on the list.${target === undefined ? '' : ` Copied to ${target}.`}`);
  } else explain(folder, refusals);
  return isAccepted ? 0 : 1;
}

function explain(folder: string, refusals: readonly Refusal[]): void {
  for (const { place, found, allowed } of refusals.slice(0, MOST_LINES)) {
    console.error(`${place}\n  found ${found}; allowed: ${allowed}`);
  }
  if (refusals.length > MOST_LINES) console.error(`… and ${refusals.length - MOST_LINES} more`);
  console.error(
    `${folder} is refused: ${refusals.length} ${refusals.length === 1 ? 'thing is' : 'things are'} not on the list. Check what ` +
      `synth wrote, before ${spelled('start')} or terraform adds to it: CDKTF_OUTDIR=checked ${spelled('synth')} writes to a new folder. If a resource is your own, add its type and arguments to ` +
      `rotaform.allow.json, in a pull request of its own: ${page('check-stack.md')} says how.`,
  );
}
