import colors from 'picocolors';
import { UsageError } from '../usage-error.ts';
import { addToManifest } from './add-to-manifest.ts';
import { ask } from './ask.ts';
import { type Choice, localSetupFile } from './choice.ts';
import { checkOptions, decide, type InitOptions } from './decide.ts';
import { testFile } from './free-file.ts';
import { runInitHcl } from './hcl/run-init-hcl.ts';
import { newProject } from './new-project.ts';
import { nextSteps } from './next-steps.ts';
import { readProject } from './project.ts';
import { secretTest } from './secret-test.ts';
import type { InitTarget } from './targets/init-target.ts';
import { initTargets } from './targets/targets.ts';
import { writeAll } from './write-all.ts';

const CANCELED = 130;

/** Writes a project with one secret that rotates, or adds one to a CDKTF project. @returns the exit code */
export async function runInit(options: InitOptions): Promise<number> {
  if (options.listTargets) {
    const targets = Object.entries(initTargets).map(([name, { title }]) => ({ name, title }));
    if (options.json) console.log(JSON.stringify({ targets }));
    else console.log(targets.map(({ name, title }) => `${name.padEnd(12)}  ${title}`).join('\n'));
    return 0;
  }
  if (options.hcl) return (await runInitHcl(options)) ?? canceled();
  const project = readProject();
  checkOptions(options, project);
  const answers = await ask(options, project);
  if (answers === undefined) return canceled();
  const choice = decide(answers, options, project);
  const target = initTargets[answers.target];
  if (target === undefined) throw new UsageError(`There is no target ${answers.target}.`);
  const files = filesOf(choice, target);
  const { text, added } = addToManifest(choice, target);
  writeAll(files, added.length > 0 ? { before: project.manifestText, after: text } : undefined);

  const written = Object.keys(files);
  const next = nextSteps(choice, target, added.length > 0);
  if (options.json) {
    console.log(JSON.stringify({ written, added, next: next.commands, edit: next.edit }));
    return 0;
  }
  const isNew = project.manifest === undefined;
  console.log(`Wrote ${[...written, ...(isNew ? ['package.json'] : [])].join(', ')}.`);
  if (!isNew && added.length > 0) console.log(`Added to package.json: ${added.join(', ')}.`);
  console.log(`\n${next.text(colors.bold)}`);
  return 0;
}

function canceled(): number {
  console.error('Canceled. Nothing was written.');
  return CANCELED;
}

function filesOf(choice: Choice, target: InitTarget): Record<string, string> {
  const { file, project } = choice;
  const { '.gitignore': gitignore = '', ...files } = project.isCdktf ? {} : newProject(choice);
  return {
    ...files,
    // Git's own list is no file of this project's: the one that is there stays.
    ...(gitignore !== '' && !project.files.includes('.gitignore') && { '.gitignore': gitignore }),
    [`${file}.ts`]: target.declaration(choice),
    [`${testFile(file)}.ts`]: secretTest(choice, target),
    ...target.files?.(choice),
    ...(target.localSetup && { [`${localSetupFile(file)}.ts`]: target.localSetup(choice) }),
  };
}
