import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

export interface Finished {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command in the project's folder, or the one given, as a user would in a terminal without colours. */
export async function runCommand(command: string, args: readonly string[], cwd = root): Promise<Finished> {
  const { FORCE_COLOR: _, ...env } = process.env;
  const child = spawn(command, args, { cwd, env: { ...env, NO_COLOR: '1' }, stdio: ['ignore', 'pipe', 'pipe'] });
  const [exitCode, stdout, stderr] = await Promise.all([
    new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve)),
    text(child.stdout),
    text(child.stderr),
  ]);
  return { exitCode, stdout, stderr };
}

/** Arguments for Node.js to run one of the project's TypeScript files, wherever the working directory is. */
export function tsx(file: string): string[] {
  return ['--import', import.meta.resolve('tsx'), fileURLToPath(new URL(`../${file}`, import.meta.url))];
}
