import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Target, targets } from '../../rules/targets.ts';
import { spelled } from '../spelling.ts';
import { UsageError } from '../usage-error.ts';
import { showMain } from './show-main.ts';

/**
 * Deploys `main.ts` to an AWS on this machine, rotates its secrets, and shows what happened. The repository has shows besides,
 * each with an example of its own, such as `npm start -- postgres`:
 * - `postgres [URL]`: `examples/postgres/main.ts` on a real PostgreSQL, and an application that keeps logging in. Without the URL
 *   of an administrator it starts a throw-away server.
 * - `mysql`: `examples/mysql/main.ts` on a real MariaDB, where this machine has one.
 * - `auth0`: `examples/service-token/main.ts` on a stand-in for Auth0, or on the tenant in the environment, while one service
 *   calls another.
 * - `google [KEY_FILE CALENDAR]`: `examples/google-calendar/main.ts` on a stand-in for Google, or, with the JSON key file of a
 *   service account, on Google itself, and an application that lists a calendar's events.
 * - `nestjs`: `examples/nestjs`, a NestJS service with a real PostgreSQL, which users keep calling.
 * @returns the exit code
 */
export async function runStart(
  [name, ...given]: readonly string[],
  { json = false }: { readonly json?: boolean },
): Promise<number> {
  if (name === undefined) return showMain({ json });
  const shows: readonly string[] = [...Object.values<Target>(targets).flatMap(({ show = [] }) => show), 'nestjs'];
  // The package does not have them: not resolved when it is bundled, and loaded for one show alone.
  const file = new URL(`./${name}/show-${name}.ts`, import.meta.url);
  if (!shows.includes(name) || !existsSync(fileURLToPath(file))) throw noShow(name, shows);
  if (json) throw new UsageError(`--json prints what happened to main.ts. The show ${name} does not have it.`);
  const { show } = await import(file.href);
  return show(...given);
}

function noShow(name: string, shows: readonly string[]): UsageError {
  const own = import.meta.url.endsWith('.ts') ? shows.map((show) => spelled('start', show)) : [];
  return new UsageError(`There is no show "${name}". Expected ${[spelled('start'), ...own].join(', or ')}.`);
}
