import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../../harness/free-port.ts';

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));
const USES_PER_CONNECTION = 5;

/** The service of `examples/nestjs`, in a process of its own. */
export interface OrdersService {
  readonly url: string;
  /** As its operator does: lets it finish. */
  stop(): Promise<void>;
}

/**
 * Starts the service and waits until it listens.
 * @param environment where AWS and the database are
 * @throws Error it ended before; the message is what it said
 */
export async function ordersService(environment: Readonly<Record<string, string>>): Promise<OrdersService> {
  const PORT = String(await freePort());
  // Each connection serves a few requests only, so that the service logs in all the time.
  const own = { PORT, POOL_MAX_USES: String(USES_PER_CONNECTION) };
  const service = spawn(process.execPath, ['--import', 'tsx', 'examples/nestjs/server.ts'], {
    cwd: PROJECT,
    env: { ...process.env, ...environment, ...own },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  const ended = new Promise<void>((resolve) => service.once('close', () => resolve()));
  service.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
  await new Promise<void>((resolve, reject) => {
    service.stdout.once('data', () => resolve());
    ended.then(() => reject(new Error(`The service did not start:\n${said.join('')}`)));
  });
  return {
    url: `http://127.0.0.1:${PORT}`,
    stop() {
      service.kill('SIGTERM');
      return ended;
    },
  };
}
