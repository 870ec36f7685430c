import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { hasMariadb } from '../../../harness/throw-away-mariadb.ts';
import type { AskedServer } from '../../asked-server.ts';
import { OidcIssuer } from '../../lambda/oauth-token/oidc-issuer.ts';
import { mariadbServer, skipWithoutMariadb } from '../../mariadb-server.ts';
import { rdsServer } from '../../rds-server.ts';
import { mariadbSeeds } from './mariadb-seeds.ts';
import { OUTSIDE } from './outside-seeds.ts';
import { postgresSeeds } from './postgres-seeds.ts';
import { checked, configure, type Seed } from './preflight-of.ts';
import { CLIENT, tokenSeeds } from './token-seeds.ts';

const postgres = await rdsServer({
  settings: { log_statement: 'all', log_line_prefix: '%a: ' },
});
const issuer = await OidcIssuer.start();
afterAll(() => issuer.close());
beforeEach(() => issuer.register({ ...CLIENT, scope: 'read write' }));

/** A rotation of it would fail. Exactly the rows that it names fail in the preflight, and nothing is written. */
async function names({ seed, rows, rules }: Seed) {
  const seeded = await seed();
  configure(seeded, rules);
  const { exitCode, checks, writes } = await checked(seeded);
  const failing = checks.filter(({ outcome }: { outcome: string }) => outcome === 'failed');
  expect(failing).toEqual(
    rows.map(([what, code, message]) => ({
      what: typeof what === 'string' ? what : expect.stringMatching(what),
      outcome: 'failed',
      code,
      message: expect.stringMatching(message),
      entry: expect.stringMatching(new RegExp(`docs/errors\\.md#(function|finding)-${code.toLowerCase()}$`)),
    })),
  );
  expect(exitCode).toBe(1);
  expect(writes).toEqual([]);
}

describe('npm run preflight names', { timeout: 120_000 }, () => {
  it.each(OUTSIDE)('$title', names);

  describe('of a PostgreSQL login', () => {
    it.each(postgresSeeds(postgres))('$title', names);
  });

  describe('of an OAuth token', () => {
    it.each(tokenSeeds(issuer))('$title', names);
  });

  it('what a server was asked: the function ran nothing that writes', () => {
    const statements = postgres
      .log()
      .split('\n')
      .flatMap((line) => /^rotaform check: .*?(?:statement|execute \S+): +(\w+)/.exec(line)?.[1] ?? []);
    expect(statements.length).toBeGreaterThan(10);
    expect([...new Set(statements)].filter((word) => !/^(SELECT|WITH|SET)$/.test(word))).toEqual([]);
  });
});

const SKIPPED = 'npm run preflight of a MariaDB login names';
if (hasMariadb) {
  describe(SKIPPED, { timeout: 120_000 }, async () => {
    const mariadb: AskedServer = await mariadbServer({ settings: { 'general-log': '1', 'log-output': 'TABLE' } });
    it.each(mariadbSeeds(mariadb))('$title', names);

    it('what the server was asked: the function ran nothing that writes', async () => {
      const rows = await mariadb.query(
        `SELECT DISTINCT log.argument AS sql_text FROM mysql.general_log AS log JOIN mysql.general_log AS login
          ON login.thread_id = log.thread_id AND login.command_type = 'Connect' AND login.argument REGEXP '^(app|admin)_'
         WHERE log.command_type = 'Query'`,
      );
      const statements = rows.map(({ sql_text: text }) => String(text).trim().split(/\s/)[0]);
      expect(statements.length).toBeGreaterThan(3);
      expect([...new Set(statements)].filter((word) => !/^(SELECT|WITH|SHOW|SET)$/.test(word ?? ''))).toEqual([]);
    });
  });
} else skipWithoutMariadb(SKIPPED);
