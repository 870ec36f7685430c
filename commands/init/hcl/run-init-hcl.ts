import { rmSync } from 'node:fs';
import colors from 'picocolors';
import { page } from '../../../rules/page.ts';
import { UsageError } from '../../usage-error.ts';
import { ask } from '../ask.ts';
import type { InitOptions } from '../decide.ts';
import { initTargets } from '../targets/targets.ts';
import { writeAll } from '../write-all.ts';
import { decideHcl, MODULE_FOLDER, readHclFolder } from './hcl-choice.ts';
import { hclProject, missingLines } from './hcl-project.ts';
import { vendorModule } from './vendor-module.ts';

const COMMANDS = ['terraform init', 'terraform plan'];

/** Writes a first use of the Terraform module, and the module beside it. @returns the exit code; undefined if it was canceled */
export async function runInitHcl(options: InitOptions): Promise<number | undefined> {
  for (const option of ['format', 'package'] as const) {
    if (options[option] !== undefined) {
      throw new UsageError(`--${option} says how TypeScript is written, and --hcl writes none. Leave one of them out.`);
    }
  }
  const folder = readHclFolder();
  const answers = await ask(options, folder);
  if (answers === undefined) return undefined;
  const { target, name } = answers;
  const declaration = initTargets[target]?.hcl;
  if (declaration === undefined) {
    const others = Object.entries(initTargets).flatMap(([each, { hcl }]) => (hcl ? [each] : []));
    throw new UsageError(
      `--target is "${target}", which init does not write as HCL: see ${page('terraform-module.md')}. Expected one of: ${others.join(', ')}.`,
    );
  }
  const choice = decideHcl(name, folder);
  const files = { ...hclProject(folder), [choice.file]: declaration(choice) };
  const isCopied = vendorModule(target);
  try {
    writeAll(files, undefined);
  } catch (error) {
    if (isCopied) rmSync(MODULE_FOLDER, { recursive: true });
    throw error;
  }
  const written = [...Object.keys(files), ...(isCopied ? [`${MODULE_FOLDER}/`] : [])];
  const edit = missingLines(folder);
  const replace = examplesIn(choice.file, files[choice.file] ?? '');
  if (options.json) console.log(JSON.stringify({ written, added: [], next: COMMANDS, edit, replace }));
  else {
    const lines = edit.length === 0 ? [] : ['Add a provider, if you have none', ...edit.map((line) => `  ${line}`), ''];
    console.log(
      [
        `Wrote ${written.join(', ')}.`,
        '',
        ...lines,
        ...(replace.length === 0 ? [] : [`First replace the examples: ${replace.join(', ')}.`, '']),
        'Then run',
        ...COMMANDS.map((command) => `  ${colors.bold(command)}`),
        '',
        `${page('terraform-module.md')} has the options. ${page('terraform.md')} applies it to an AWS on this machine.`,
        `${page('alarms.md')} shows how to be told when a rotation fails.`,
      ].join('\n'),
    );
  }
  return 0;
}

/** The values that stand for the user's own, each by its line: they are AWS's example account, and the hosts that nobody has. */
function examplesIn(file: string, text: string): string[] {
  return text.split('\n').flatMap((line, index) => {
    const [, name] = /^\s*(\w+) += .*(\bexample\.com|111122223333)/.exec(line) ?? [];
    return name === undefined ? [] : [`${name} (${file}:${index + 1})`];
  });
}
