import path from 'node:path';
import { UsageError } from '../usage-error.ts';
import { slugOf } from './choice.ts';
import { type InitOptions, nameRefused } from './decide.ts';
import type { Project } from './project.ts';
import { initTargets } from './targets/targets.ts';

export interface Answers {
  readonly target: string;
  readonly name: string;
}

/** How the name of a secret ends by default. */
const ENDS: Readonly<Record<string, string>> = { postgres: 'db', 'oauth-token': 'token', custom: 'api-key' };

/**
 * What the options do not say: asked where somebody can answer, or by default with --yes.
 * @returns undefined if it was canceled
 * @throws UsageError nobody can answer
 */
export async function ask(options: InitOptions, project: Project): Promise<Answers | undefined> {
  const app = slugOf(project.manifest?.name?.replace(/^@[^/]+\//, '') ?? path.basename(process.cwd()));
  const nameFor = (target: string) => `${app}/${ENDS[target] ?? target}`;
  const { target, name, yes, json } = options;
  if (target !== undefined && name !== undefined) return { target, name };
  if (yes) return { target: target ?? 'password', name: name ?? nameFor(target ?? 'password') };
  if (json || !process.stdin.isTTY || !process.stdout.isTTY) {
    const missing = [...(target === undefined ? ['--target'] : []), ...(name === undefined ? ['--name'] : [])];
    throw new UsageError(
      `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not given, and there is nobody to ask. Give ${missing.length === 1 ? 'it' : 'them'}, or --yes to take the default.`,
    );
  }
  const { isCancel, select, text } = await import('@clack/prompts');
  const chosen =
    target ??
    (await select({
      message: 'What does the secret open?',
      options: Object.entries(initTargets).map(([value, { title }]) => ({ value, label: value, hint: title })),
    }));
  if (isCancel(chosen)) return undefined;
  const initialValue = nameFor(chosen);
  const named =
    name ??
    (await text({
      message: 'What is the name of the secret?',
      initialValue,
      validate: (given) => nameRefused(given ?? ''),
    }));
  return isCancel(named) ? undefined : { target: chosen, name: named };
}
