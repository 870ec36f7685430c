import { describe, it } from 'vitest';
import { hasMariadb, type ThrowAwayMariadbOptions, throwAwayMariadb } from '../harness/throw-away-mariadb.ts';
import { type AskedServer, askedServer } from './asked-server.ts';

/** Starts a server, and stops it after the tests of the file. To be called at its top, or in a `beforeAll`. */
export async function mariadbServer(options: ThrowAwayMariadbOptions = {}): Promise<AskedServer> {
  return askedServer(await throwAwayMariadb(options), 'MariaDB');
}

/** Describes what holds on a server of its own; where this machine has none, one skipped test says so. */
export function describeOnMariadb(
  title: string,
  options: ThrowAwayMariadbOptions,
  tests: (server: AskedServer) => void,
): void {
  if (hasMariadb) describe(title, { timeout: 120_000 }, async () => tests(await mariadbServer(options)));
  else skipWithoutMariadb(title);
}

/** In the list of `.ci/run` by this title. */
export function skipWithoutMariadb(title: string): void {
  it.skip(`${title} (skipped: no mariadb-server on this machine)`, () => {});
}
