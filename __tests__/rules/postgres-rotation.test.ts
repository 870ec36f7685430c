import { describe, expect, it } from 'vitest';
import { type PostgresOptions, postgresEnvironment, readPostgresEnvironment } from '../../rules/postgres-rotation.ts';

describe("The environment of PostgreSQL's function", () => {
  it.each<PostgresOptions>([
    { strategy: 'single-user' },
    { strategy: 'single-user', adminSecretArn: 'admin', tls: { servername: 'db.internal' } },
    {
      strategy: 'alternating-users',
      adminSecretArn: ['one', 'two'],
      alternateUsername: 'b',
      ownerRole: 'team',
      length: 64,
    },
  ])('holds the options %j as the function reads them', (options) => {
    const { adminSecretArn = [], alternateUsername, ownerRole, tls = {}, ...others } = options;
    expect(readPostgresEnvironment(postgresEnvironment(options))).toMatchObject({
      ...others,
      adminSecretArns: [adminSecretArn].flat(),
      alternateUsername,
      ownerRole,
      tls,
    });
  });

  it('leaves out of passwords what ends one in a URL, unless the options say what', () => {
    expect(readPostgresEnvironment({ ROTATION_STRATEGY: 'single-user' }).excludeCharacters).toBe(':/@"\'\\');
    const variables = postgresEnvironment({ strategy: 'single-user', excludeCharacters: '%' });
    expect(readPostgresEnvironment(variables).excludeCharacters).toBe('%');
  });

  it.each([
    [{}, /strategy is "undefined"/],
    [{ ROTATION_STRATEGY: 'alternating-users' }, /adminSecretArn is missing/],
    [{ ROTATION_STRATEGY: 'single-user', PASSWORD_LENGTH: 'long' }, /PASSWORD_LENGTH is "long"/],
  ])('that does not fit, %j, is refused', (environment, message) => {
    expect(() => readPostgresEnvironment(environment)).toThrow(message);
  });
});
