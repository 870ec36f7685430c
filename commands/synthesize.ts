import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { messageOf } from '../rules/message-of.ts';
import { page } from '../rules/page.ts';
import { spelled } from './spelling.ts';
import { checkTypes } from './synth/check-types.ts';
import { clearStacks } from './synth/clear-stacks.ts';

/** A synthesized stack. */
export interface SynthesizedStack {
  readonly name: string;
  /** The folder that `terraform` runs in. */
  readonly folder: string;
  /** Its `cdk.tf.json`, parsed. */
  readonly json: unknown;
}

export interface SynthesizeOptions {
  /** @default 'main.ts' */
  readonly main?: string;
  /** The output folder. @default `CDKTF_OUTDIR`, else the `output` of `cdktf.json`, or `cdktf.out` */
  readonly output?: string;
  /** Environment variables, in addition to those of this process. @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether what the program prints to standard error is shown though it succeeds. @default 'hide' */
  readonly warnings?: 'show' | 'hide';
}

/** Of `cdktf.json`, what is read here. */
interface Config {
  readonly app: string;
  readonly output: string;
}

/**
 * Runs the app command of `cdktf.json`, as the CDKTF command line does: builds the functions, runs `main.ts`. Before, it checks the
 * types of `main.ts`, and clears what the synth before wrote.
 * @returns its stacks
 * @throws Error with the program's own message if it failed
 */
export async function synthesize(options: SynthesizeOptions = {}): Promise<SynthesizedStack[]> {
  const config = readConfig();
  const { main, output = process.env.CDKTF_OUTDIR ?? config.output, environment = {}, warnings = 'hide' } = options;
  const app = main === undefined ? config.app : config.app.replace(/\bmain\.ts$/, main);
  const program = main ?? /\S+\.[cm]?[jt]s$/.exec(app)?.[0] ?? app;
  // What a show runs is this project's own, and checked.
  if (main === undefined) await checkTypes(program);
  clearStacks(output);
  const child = spawn(app, {
    shell: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment, CDKTF_OUTDIR: output },
  });
  const [exitCode, stderr, stdout] = await Promise.all([
    new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve)),
    text(child.stderr),
    text(child.stdout),
  ]);
  // A program may print its error to either of them, as ts-node's wrappers and npm do.
  if (exitCode !== 0) throw new Error(`${program} was not synthesized:\n${withoutStack(stderr.trim() || stdout)}`);
  if (warnings === 'show') process.stderr.write(stderr);
  return stacksIn(output, program);
}

function readConfig(): Config {
  if (!existsSync('cdktf.json')) {
    throw new Error(
      `There is no cdktf.json in ${process.cwd()}. Run this in the folder of a CDKTF project; ${spelled('init')} makes one.`,
    );
  }
  let config: Partial<Config>;
  try {
    config = JSON.parse(readFileSync('cdktf.json', 'utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new Error(`cdktf.json is not JSON: ${messageOf(error)}`);
  }
  const { app, output = 'cdktf.out' } = config ?? {};
  if (typeof app === 'string' && app.trim() !== '' && typeof output === 'string') return { app: app.trim(), output };
  throw new Error(
    `cdktf.json has no "app". Expected the command that synthesizes, such as "npx tsx main.ts": see ${page('use-in-your-repository.md')}.`,
  );
}

function stacksIn(output: string, program: string): SynthesizedStack[] {
  const manifest = path.join(output, 'manifest.json');
  if (!existsSync(manifest)) {
    throw new Error(`${program} ended without a stack: ${manifest} does not exist. Expected app.synth() at its end.`);
  }
  const { stacks } = JSON.parse(readFileSync(manifest, 'utf8'));
  return Object.entries<{ synthesizedStackPath: string }>(stacks).map(([name, { synthesizedStackPath }]) => {
    const file = path.resolve(output, synthesizedStackPath);
    return { name, folder: path.dirname(file), json: JSON.parse(readFileSync(file, 'utf8')) };
  });
}

const CONSTRUCTS = fileURLToPath(new URL('../constructs/', import.meta.url));

/** What went wrong, and where in the user's own files, without the rest of the stack trace. */
function withoutStack(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => !/^npm |^Node\.js v|^\s*$/.test(line));
  const frames = lines.filter((line) => /^\s+at /.test(line));
  const own = frames.find((frame) => !/node_modules|node:/.test(frame) && !frame.includes(CONSTRUCTS));
  const rest = lines.filter((line) => !frames.includes(line) && !/^\s+code: '|^}$/.test(line));
  const start = rest.findIndex((line) => /^\w*Error\b/.test(line));
  return [...rest.slice(Math.max(start, 0)), ...(own ? [own] : [])].join('\n');
}
