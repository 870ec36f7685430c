import { existsSync, writeFileSync } from 'node:fs';
import colors from 'picocolors';
import { UsageError } from '../usage-error.ts';
import { addToManifest } from './add-to-manifest.ts';
import { ask } from './ask.ts';
import type { Choice } from './choice.ts';
import { checkOptions, decide, type InitOptions } from './decide.ts';
import { newProject } from './new-project.ts';
import { nextSteps } from './next-steps.ts';
import { readProject } from './project.ts';
import { secretTest } from './secret-test.ts';
import type { InitTarget } from './targets/init-target.ts';
import { initTargets } from './targets/targets.ts';

const CANCELED = 130;

/** Writes a project with one secret that rotates, or adds one to a CDKTF project. @returns the exit code */
export async function runInit(options: InitOptions): Promise<number> {
  if (options.listTargets) {
    const lines = Object.entries(initTargets).map(([name, { title }]) => `${name.padEnd(12)}  ${title}`);
    console.log(lines.join('\n'));
    return 0;
  }
  const project = readProject();
  checkOptions(options, project);
  const answers = await ask(options, project);
  if (answers === undefined) {
    console.error('Canceled. Nothing was written.');
    return CANCELED;
  }
  const choice = decide(answers, options, project);
  const target = initTargets[answers.target];
  if (target === undefined) throw new UsageError(`There is no target ${answers.target}.`);
  const files = filesOf(choice, target);
  refuseExisting(Object.keys(files));
  const { text, added } = addToManifest(choice, target);
  write({ ...files, ...(added.length > 0 && { 'package.json': text }) });

  const written = Object.keys(files);
  const next = nextSteps(choice, target);
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

function filesOf(choice: Choice, target: InitTarget): Record<string, string> {
  const { file, project } = choice;
  const { '.gitignore': gitignore = '', ...files } = project.isCdktf ? {} : newProject(choice);
  return {
    ...files,
    // Git's own list is no file of this project's: the one that is there stays.
    ...(gitignore !== '' && !existsSync('.gitignore') && { '.gitignore': gitignore }),
    [`${file}.ts`]: target.declaration(choice),
    [`${file}.test.ts`]: secretTest(choice, target),
    ...target.files?.(choice),
    ...(target.localSetup && { 'rotaform.local.ts': target.localSetup(choice) }),
  };
}

function refuseExisting(files: readonly string[]): void {
  const there = files.filter((file) => existsSync(file));
  if (there.length === 0) return;
  throw new Error(
    `${there.join(', ')} ${there.length === 1 ? 'is' : 'are'} there already. Nothing was written, since init overwrites no file. ` +
      'Run it in another folder, or choose another --name; in a CDKTF project it writes beside cdktf.json.',
  );
}

/** All of them, or, where one cannot be written, those that could: with their names. */
function write(files: Readonly<Record<string, string>>): void {
  const written: string[] = [];
  for (const [file, text] of Object.entries(files)) {
    try {
      // Not over a file that came meanwhile.
      writeFileSync(file, text, { flag: file === 'package.json' ? 'w' : 'wx' });
      written.push(file);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const why = code === 'EACCES' || code === 'EROFS' ? 'this folder cannot be written to' : message;
      throw new Error(
        `${file} was not written: ${why} (${code}). ${written.length === 0 ? 'Nothing was written.' : `Written before: ${written.join(', ')}.`}`,
      );
    }
  }
}
