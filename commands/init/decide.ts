import { readFileSync } from 'node:fs';
import { UsageError } from '../usage-error.ts';
import type { Answers } from './ask.ts';
import { type Choice, FIRST_FILE, pascal, slugOf } from './choice.ts';
import { frameworkOf } from './framework.ts';
import { freeFile } from './free-file.ts';
import { packageSource } from './package-source.ts';
import type { Project } from './project.ts';
import { nameRefused } from './secret-name.ts';

/** Of the command line. */
export interface InitOptions {
  readonly target?: string;
  readonly name?: string;
  readonly hcl?: boolean;
  readonly format?: string;
  readonly package?: string;
  readonly yes?: boolean;
  readonly listTargets?: boolean;
  readonly json?: boolean;
}

/** @throws UsageError an option is wrong @throws Error the folder has something that does not go with it */
export function checkOptions({ format }: InitOptions, project: Project): void {
  if (format !== undefined && !['module', 'commonjs'].includes(format)) {
    throw new UsageError(`--format is "${format}". Expected module or commonjs.`);
  }
  const { type } = project.manifest ?? {};
  if (format !== undefined && type !== undefined && type !== format) {
    throw new UsageError(`--format is ${format}, but package.json has "type": "${type}". Leave one of them out.`);
  }
  if (project.isCdktf) checkCdktf(project);
}

function checkCdktf({ dependencies: { cdktf, cdktn } }: Project): void {
  const language = /"language"\s*:\s*"([^"]*)"/.exec(readFileSync('cdktf.json', 'utf8'))?.[1];
  if (language !== undefined && language !== 'typescript') {
    throw new Error(
      `cdktf.json has "language": "${language}". Expected typescript: rotaform is for TypeScript and JavaScript.`,
    );
  }
  if (cdktn !== undefined) return;
  const [, minor] = /^\D*0\.(\d+)/.exec(cdktf ?? '') ?? [];
  if (minor !== undefined && Number(minor) < 21) {
    throw new Error(`package.json has cdktf ${cdktf}. rotaform needs 0.21 or newer. Upgrade it, then run this again.`);
  }
}

/** The whole choice, once everything has been asked. */
export function decide({ target, name }: Answers, options: InitOptions, project: Project): Choice {
  const { manifest, isCdktf, dependencies } = project;
  const refused = nameRefused(name, project.sources);
  if (refused !== undefined) throw new UsageError(`Without --name, the name is ${JSON.stringify(name)}. ${refused}`);
  const slug = slugOf(name);
  const file = freeFile(slug, project);
  const type = options.format ?? manifest?.type ?? (isCdktf ? 'commonjs' : 'module');
  return {
    project,
    name,
    id: file === FIRST_FILE ? slugOf(name.split('/').at(-1) ?? target) : file,
    slug,
    app: project.app,
    isModule: type === 'module',
    file,
    declare: `declare${pascal(file)}`,
    runner: dependencies.jest !== undefined && dependencies.vitest === undefined ? 'jest' : 'vitest',
    framework: frameworkOf(dependencies),
    source: dependencies.rotaform ?? packageSource(options.package),
  };
}
