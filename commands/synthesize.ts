import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';

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
  /** The output folder. @default the `output` of `cdktf.json`, or `cdktf.out` */
  readonly output?: string;
  /** Environment variables, in addition to those of this process. @default none */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Runs the app command of `cdktf.json`, as the CDKTF command line does: builds the functions, runs `main.ts`.
 * @returns its stacks
 * @throws Error with the program's own message if it failed
 */
export async function synthesize(options: SynthesizeOptions = {}): Promise<SynthesizedStack[]> {
  const config = JSON.parse(readFileSync('cdktf.json', 'utf8'));
  const { main = 'main.ts', output = config.output ?? 'cdktf.out', environment = {} } = options;
  const child = spawn(config.app.replace(/\bmain\.ts$/, main), {
    shell: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment, CDKTF_OUTDIR: output },
  });
  const [exitCode, stderr] = await Promise.all([
    new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve)),
    text(child.stderr),
    child.stdout.resume(),
  ]);
  if (exitCode !== 0) throw new Error(`${main} was not synthesized:\n${withoutStack(stderr)}`);

  const { stacks } = JSON.parse(readFileSync(path.join(output, 'manifest.json'), 'utf8'));
  return Object.entries<{ synthesizedStackPath: string }>(stacks).map(([name, { synthesizedStackPath }]) => {
    const file = path.resolve(output, synthesizedStackPath);
    return { name, folder: path.dirname(file), json: JSON.parse(readFileSync(file, 'utf8')) };
  });
}

/** What went wrong, and where in the user's own files, without the rest of the stack trace. */
function withoutStack(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => !/^npm |^Node\.js v|^\s*$/.test(line));
  const frames = lines.filter((line) => /^\s+at /.test(line));
  const own = frames.find((frame) => !/node_modules|node:|[\\/]constructs[\\/]/.test(frame));
  const rest = lines.filter((line) => !frames.includes(line) && !/^\s+code: '|^}$/.test(line));
  const start = rest.findIndex((line) => /^\w*Error\b/.test(line));
  return [...rest.slice(Math.max(start, 0)), ...(own ? [own] : [])].join('\n');
}
