import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { type Finished, tsx } from '../run-command.ts';

export interface RunningLocal {
  /** What an AWS SDK needs to find it. */
  readonly environment: Readonly<Record<string, string>>;
  /** What `--events` has printed so far. Grows as it prints more. */
  readonly records: readonly Record<string, unknown>[];
  /** Resolves as soon as there is such a record. */
  recorded(predicate: (record: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
  stop(): Promise<void>;
}

/** `npm run local -- --port 0 --json --deploy --events`, as its own process. */
export async function runLocal(...args: string[]): Promise<RunningLocal> {
  const options = ['--port', '0', '--json', '--deploy', '--events', ...args];
  const server = spawn(process.execPath, [...tsx('commands/rotaform.ts'), 'local', ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface(server.stdout);
  const records: Record<string, unknown>[] = [];
  const environment = await new Promise<Record<string, string>>((resolve) => {
    lines.once('line', (ready) => {
      // Right away, because many lines may arrive at the same time.
      lines.on('line', (each) => records.push(JSON.parse(each)));
      resolve(JSON.parse(ready).environment);
    });
  });
  return {
    environment,
    records,
    async recorded(predicate) {
      for (;;) {
        const found = records.find(predicate);
        if (found) return found;
        await once(lines, 'line');
      }
    },
    stop: () => stop(server),
  };
}

async function stop(server: ChildProcess): Promise<void> {
  const closed = once(server, 'close');
  server.kill('SIGINT');
  await closed;
}

/** `npm run rotate`, as its own process, with only these AWS variables in its environment. */
export async function runRotate(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Finished> {
  const home = mkdtempSync(path.join(tmpdir(), 'rotaform-home-'));
  const child = spawn(process.execPath, [...tsx('commands/rotaform.ts'), 'rotate', ...args], {
    env: { PATH: process.env.PATH, HOME: home, NO_COLOR: '1', AWS_EC2_METADATA_DISABLED: 'true', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  try {
    const [[exitCode], stdout, stderr] = await Promise.all([
      once(child, 'close'),
      text(child.stdout),
      text(child.stderr),
    ]);
    return { exitCode, stdout, stderr };
  } finally {
    rmSync(home, { recursive: true });
  }
}
