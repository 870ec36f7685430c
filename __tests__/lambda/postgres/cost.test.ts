import { describe, expect, it } from 'vitest';
import { rdsServer } from '../../rds-server.ts';
import { ALTERNATING, rotatedUser, SINGLE, SINGLE_BY_ADMIN } from './rotated-user.ts';

const server = await rdsServer({ settings: { log_statement: 'all', log_connections: 'on' } });

/** What one rotation costs: each number is counted, in the function's calls and in the server's log. */
describe('A rotation when nothing has changed since the last one', { timeout: 120_000 }, () => {
  it.each([
    ['a single user', { calls: 9, logins: 3, refused: 0, requests: 2 }, SINGLE],
    ['a single user with an administrator', { calls: 10, logins: 3, refused: 0, requests: 3 }, SINGLE_BY_ADMIN],
    ['alternating users', { calls: 10, logins: 2, refused: 0, requests: 6 }, ALTERNATING],
  ])('of %s costs %j', async (_, expected, environment) => {
    const user = await rotatedUser(server, { environment });
    await user.rotated();
    const from = server.log().length;
    user.calls.length = 0;
    await user.rotated();
    const log = server.log().slice(from);
    const count = (pattern: RegExp) => log.match(pattern)?.length ?? 0;
    expect({
      calls: user.calls.length,
      logins: count(/connection authorized/g),
      refused: count(/authentication failed/g),
      requests: count(/LOG: {2}(statement|execute .*?): /g),
    }).toEqual(expected);
  });
});
