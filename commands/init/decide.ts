import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../usage-error.ts';
import type { Answers } from './ask.ts';
import { type Choice, pascal, slugOf } from './choice.ts';
import { packageSource } from './package-source.ts';
import type { Project } from './project.ts';
import { initTargets } from './targets/targets.ts';

/** Of the command line. */
export interface InitOptions {
  readonly target?: string;
  readonly name?: string;
  readonly format?: string;
  readonly package?: string;
  readonly yes?: boolean;
  readonly listTargets?: boolean;
  readonly json?: boolean;
}

/** What the names of secrets are made of in AWS. */
const NAME = /^[\w/+=.@-]{1,512}$/;
/** So ends the ARN of a secret: AWS could take such a name for an ARN without its end. */
const LIKE_AN_ARN = /-[A-Za-z0-9]{6}$/;

/** Why a secret cannot have that name, or undefined. */
export function nameRefused(name: string): string | undefined {
  if (!NAME.test(name)) return 'Expected 1 to 512 letters, digits, or characters of /_+=.@-';
  if (LIKE_AN_ARN.test(name)) return 'It ends like an ARN, with a hyphen and six characters. Choose another end.';
  return undefined;
}

/** @throws UsageError an option is wrong @throws Error the folder has something that does not go with it */
export function checkOptions({ target, name, format }: InitOptions, project: Project): void {
  if (target !== undefined && !Object.hasOwn(initTargets, target)) {
    throw new UsageError(`--target is "${target}". Expected one of: ${Object.keys(initTargets).join(', ')}.`);
  }
  const refused = name === undefined ? undefined : nameRefused(name);
  if (refused !== undefined) throw new UsageError(`--name is ${JSON.stringify(name)}. ${refused}`);
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
  if (cdktn !== undefined) {
    throw new Error(
      'The project uses cdktn by its own name. rotaform, and the providers that it uses, import it as cdktf. See docs/cdktn.md for the two lines of package.json, then run this again.',
    );
  }
  const [, minor] = /^\D*0\.(\d+)/.exec(cdktf ?? '') ?? [];
  if (minor !== undefined && Number(minor) < 21) {
    throw new Error(`package.json has cdktf ${cdktf}. rotaform needs 0.21 or newer. Upgrade it, then run this again.`);
  }
}

/** The whole choice, once everything has been asked. */
export function decide({ target, name }: Answers, options: InitOptions, project: Project): Choice {
  const { manifest, isCdktf, dependencies } = project;
  const app = slugOf(manifest?.name?.replace(/^@[^/]+\//, '') ?? path.basename(process.cwd()));
  const slug = slugOf(name);
  const file = !existsSync('secrets.ts') ? 'secrets' : slug;
  const type = options.format ?? manifest?.type ?? (isCdktf ? 'commonjs' : 'module');
  return {
    project,
    name,
    id: slugOf(name.split('/').at(-1) ?? target),
    slug,
    app,
    isModule: type === 'module',
    file,
    declare: file === 'secrets' ? 'declareSecrets' : `declare${pascal(slug)}`,
    runner: dependencies.jest !== undefined && dependencies.vitest === undefined ? 'jest' : 'vitest',
    source: dependencies.rotaform ?? packageSource(options.package),
  };
}
