import { describe, it } from 'vitest';
import {
  hasMysql,
  type MysqlVersion,
  type ThrowAwayMysqlOptions,
  throwAwayMysql,
} from '../harness/throw-away-mysql.ts';
import { type AskedServer, askedServer } from './asked-server.ts';

/** Starts a server, and stops it after the tests of the file. To be called at its top, or in a `beforeAll`. */
export async function mysqlServer(options: ThrowAwayMysqlOptions): Promise<AskedServer> {
  return askedServer(await throwAwayMysql(options), 'MySQL');
}

/** Describes what holds on a server of its own, for each version; where this machine has none, one skipped test says so. */
export function describeOnMysql(
  title: string,
  { versions, settings = {} }: Pick<ThrowAwayMysqlOptions, 'settings'> & { readonly versions: readonly MysqlVersion[] },
  tests: (server: AskedServer, version: MysqlVersion) => void,
): void {
  for (const version of versions) {
    const each = `${title}, MySQL ${version}`;
    if (!hasMysql(version)) skipWithoutMysql(each, version);
    else describe(each, { timeout: 120_000 }, async () => tests(await mysqlServer({ version, settings }), version));
  }
}

/** In the list of `.ci/run` by this title. */
export function skipWithoutMysql(title: string, version: MysqlVersion): void {
  it.skip(`${title} (skipped: .ci/install-mysql found no MySQL ${version})`, () => {});
}
