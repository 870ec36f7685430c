import { describe, expect, it } from 'vitest';
import { type PostgresOptions, postgresEnvironment, readPostgresEnvironment } from '../../rules/postgres-rotation.ts';

const SHARED = {
  ROTATION_STRATEGY: 'alternating-users',
  ADMINS: '[{"secretArn":"one"}]',
  USERS: '["tenant_{name}"]',
  SECRET_NAME_PREFIX: 'tenants/',
};

describe("The environment of PostgreSQL's function", () => {
  it.each<PostgresOptions>([
    { strategy: 'single-user' },
    { strategy: 'single-user', admin: { secretArn: 'admin' }, users: 'app', tls: { servername: 'db.internal' } },
    {
      strategy: 'alternating-users',
      admin: [{ secretArn: 'one', host: 'db.example.com', port: 5433 }, { secretArn: 'two' }],
      users: ['a', 'b'],
      dbname: 'shop',
      ownerRole: 'team',
      length: 64,
    },
  ])('holds the options %j as the function reads them', (options) => {
    const { admin = [], users = [], ownerRole, tls = {}, ...others } = options;
    expect(readPostgresEnvironment(postgresEnvironment(options))).toMatchObject({
      ...others,
      admins: [admin].flat(),
      users: [users].flat(),
      ownerRole,
      tls,
    });
  });

  it('excludes from passwords what would end one in a URL, unless the options exclude something else', () => {
    expect(readPostgresEnvironment({ ROTATION_STRATEGY: 'single-user' }).excludeCharacters).toBe(':/@"\'\\');
    const variables = postgresEnvironment({ strategy: 'single-user', excludeCharacters: '%' });
    expect(readPostgresEnvironment(variables).excludeCharacters).toBe('%');
  });

  it.each([
    [{}, /strategy is "undefined"/],
    [{ ROTATION_STRATEGY: 'alternating-users' }, /admin is missing/],
    [{ ROTATION_STRATEGY: 'single-user', ADMINS: 'an-arn' }, /ADMINS is not as expected/],
    [{ ROTATION_STRATEGY: 'single-user', USERS: 'app' }, /USERS is not as expected/],
    [{ ROTATION_STRATEGY: 'single-user', ALLOW_MD5: 'yes' }, /ALLOW_MD5 is "yes"/],
    [{ ...SHARED, USERS: '["app"]' }, /"app" would be the same for every secret/],
    [{ ...SHARED, OWNER_ROLE: 'team' }, /"team" would be the same for every secret/],
    [{ ROTATION_STRATEGY: 'single-user', PASSWORD_LENGTH: 'long' }, /PASSWORD_LENGTH is "long"/],
  ])('is refused if it is invalid: %j', (environment, message) => {
    expect(() => readPostgresEnvironment(environment)).toThrow(message);
  });
});
