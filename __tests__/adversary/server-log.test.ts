import { describe, expect, it } from 'vitest';
import { ALTERNATING, rotatedUser, SINGLE, SINGLE_BY_ADMIN } from '../lambda/postgres/rotated-user.ts';
import { rdsServer } from '../rds-server.ts';

/** All that a server can log of itself; `auto_explain` stands for what logs from a hook of its own, as pgaudit does. */
const EVERYTHING = {
  ...{ log_statement: 'all', log_duration: 'on', log_connections: 'on', log_disconnections: 'on' },
  ...{ log_min_messages: 'debug5', log_min_error_statement: 'debug5', log_error_verbosity: 'verbose' },
  ...{ log_parameter_max_length: '-1', log_parameter_max_length_on_error: '-1', debug_print_parse: 'on' },
  ...{ session_preload_libraries: 'auto_explain', 'auto_explain.log_min_duration': '0' },
  ...{ 'auto_explain.log_nested_statements': 'on', 'auto_explain.log_verbose': 'on' },
};

const server = await rdsServer({ settings: EVERYTHING });

describe('A server that logs all it can', { timeout: 120_000 }, () => {
  it.each([
    ['a single user', SINGLE],
    ['a single user with an administrator', SINGLE_BY_ADMIN],
    ['alternating users', ALTERNATING],
  ])('has no password of %s in its log, nor the one of the administrator', async (_, environment) => {
    const user = await rotatedUser(server, { environment });
    const from = server.log().length;
    const passwords = [server.password];
    for (const _turn of ['first', 'second']) passwords.push((await user.rotated()).password);
    const log = server.log().slice(from);
    expect(log).toMatch(/PASSWORD 'SCRAM-SHA-256\$/);
    expect(log).toMatch(/Query Text: /);
    for (const password of passwords) expect(log).not.toContain(password);
  });
});
