/** `npm run check-stack`: says whether a synthesized stack holds only what is on the list, before Terraform sees it. */
import { existsSync, lstatSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type CheckedStack, checkStack } from './check-stack/check-stack.ts';
import { describeAllowed } from './check-stack/describe-allowed.ts';
import { OwnListError } from './check-stack/own-list.ts';

const USAGE = `npm run check-stack -- FOLDER [--allow FILE] [--copy-to FOLDER]

Says whether a synthesized stack, such as cdktf.out/stacks/my-app, holds only what is on the list: files, blocks, providers,
types, arguments and functions. A plan of an accepted stack runs no program of whoever wrote main.ts. docs/ci.md has the list.
Ends with 0 where the stack is accepted, with 1 where it is refused, with 2 where nothing was checked.

  --allow FILE      a list of your own, rotaform.allow.json; take it from the base branch
  --copy-to FOLDER  writes what was checked, and nothing else, into a new folder
  --list            prints the list
`;
const MOST_LINES = 50;

class UsageError extends Error {}

try {
  const options = readOptions();
  if (typeof options === 'string') process.stdout.write(options);
  else process.exitCode = report(options.folder, checkStack(options.folder, options.allow), options.copyTo);
} catch (error) {
  const isClear = error instanceof UsageError || error instanceof OwnListError;
  console.error(isClear ? error.message : `Nothing was checked: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 2;
}

function readOptions() {
  const { values, positionals } = parsedArguments();
  if (values.help) return USAGE;
  if (values.list) return describeAllowed();
  const [folder = '', ...more] = positionals;
  if (folder === '' || more.length > 0) {
    throw new UsageError(
      `Expected one folder, found ${positionals.length}: npm run check-stack -- cdktf.out/stacks/my-app`,
    );
  }
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UsageError(`${folder} is not a folder. Run npm run synth, and give the folder of a stack.`);
  }
  const { 'copy-to': copyTo, allow } = values;
  if (copyTo !== undefined && existsSync(copyTo)) {
    throw new UsageError(`--copy-to is ${copyTo}, which is there already. Give a folder that is not there yet.`);
  }
  return { folder, allow, copyTo };
}

function parsedArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        allow: { type: 'string' },
        'copy-to': { type: 'string' },
        list: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** @returns the exit code */
function report(folder: string, { refusals, copyTo }: CheckedStack, target: string | undefined): number {
  if (refusals.length === 0) {
    if (target !== undefined) copyTo(target);
    console.log(`${folder} holds only what is on the list.${target === undefined ? '' : ` Copied to ${target}.`}`);
    return 0;
  }
  for (const { place, found, allowed } of refusals.slice(0, MOST_LINES)) {
    console.error(`${place}\n  found ${found}; allowed: ${allowed}`);
  }
  if (refusals.length > MOST_LINES) console.error(`… and ${refusals.length - MOST_LINES} more`);
  console.error(
    `${folder} is refused: ${refusals.length} ${refusals.length === 1 ? 'thing is' : 'things are'} not on the list. Check a ` +
      'folder just synthesized, before terraform init. If a resource is your own, add its type and arguments to ' +
      'rotaform.allow.json, in a pull request of its own: docs/ci.md says how.',
  );
  return 1;
}
