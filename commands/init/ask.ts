import path from 'node:path';
import { page } from '../../rules/page.ts';
import { isTargetName, targets } from '../../rules/targets.ts';
import { UsageError } from '../usage-error.ts';
import type { InitOptions } from './decide.ts';
import { nameRefused } from './secret-name.ts';
import { initTargets } from './targets/targets.ts';

export interface Answers {
  readonly target: string;
  readonly name: string;
}

/** What the questions are about. */
export interface Asked {
  /** The project's name, such as `my-app`. */
  readonly app: string;
  /** The texts of its files, by name. */
  readonly sources: ReadonlyMap<string, string>;
  /** How they declare a name. @default as TypeScript does */
  readonly writings?: (name: string) => readonly string[];
}

/**
 * What the options do not say: asked where somebody can answer, or by default with --yes.
 * @returns undefined if it was canceled
 * @throws UsageError an answer is wrong, or nobody can answer
 */
export async function ask(options: InitOptions, { app, sources, writings }: Asked): Promise<Answers | undefined> {
  const nameFor = (target: string) => `${app}/${initTargets[target]?.nameEnd ?? target}`;
  const { target, name, yes, json } = options;
  if (target !== undefined && !Object.hasOwn(initTargets, target)) {
    throw new UsageError(
      `--target is "${target}"${howToDeclare(target)}. Expected one of: ${Object.keys(initTargets).join(', ')}.`,
    );
  }
  const refused = name === undefined ? undefined : nameRefused(name, sources, writings);
  if (refused !== undefined) throw new UsageError(`--name is ${JSON.stringify(name)}. ${refused}`);
  if (target !== undefined && name !== undefined) return { target, name };
  if (yes) return { target: target ?? 'password', name: name ?? nameFor(target ?? 'password') };
  const isDumb = process.env.TERM === 'dumb';
  if (json || isDumb || !process.stdin.isTTY || !process.stdout.isTTY) {
    const missing = [...(target === undefined ? ['--target'] : []), ...(name === undefined ? ['--name'] : [])];
    throw new UsageError(
      `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not given, and ${isDumb ? 'TERM=dumb says that this terminal shows no questions' : 'there is no terminal to ask on'}. Give ${missing.length === 1 ? 'it' : 'them'}, or --yes to take the default.`,
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
      validate: (given) => nameRefused(given ?? '', sources, writings),
    }));
  return isCancel(named) ? undefined : { target: chosen, name: named };
}

/** Of a target that Rotaform has and init does not. */
function howToDeclare(target: string): string {
  if (!isTargetName(target)) return '';
  return `, which init cannot declare yet: see ${page(path.basename(targets[target].page))}`;
}
