import { randomUUID } from 'node:crypto';
import { selfSignedCertificate } from '../../../harness/self-signed-certificate.ts';
import {
  ALTERNATING,
  type RotatedUser,
  type RotatedUserOptions,
  rotatedUser,
  SINGLE,
  SINGLE_BY_ADMIN,
} from '../../lambda/postgres/rotated-user.ts';
import type { RdsServer } from '../../rds-server.ts';
import type { Seed } from './preflight-of.ts';

/** What a real PostgreSQL tells the function. */
export function postgresSeeds(server: RdsServer): readonly Seed[] {
  const seeded =
    (options: RotatedUserOptions, sql: (user: string) => string = () => 'SELECT 1'): Seed['seed'] =>
    async () => {
      const user: RotatedUser = await rotatedUser(server, options);
      await server.superuser.query(sql(user.first.username));
      return user;
    };
  /** An administrator with these attributes. */
  const administrator = async (attributes: string) => {
    const admin = { username: `admin_${randomUUID().slice(0, 8)}`, password: 'of another administrator' };
    await server.superuser.query(`CREATE ROLE ${admin.username} LOGIN ${attributes} PASSWORD '${admin.password}'`);
    return admin;
  };
  return [
    {
      title: 'a password that the server refuses',
      seed: seeded({ environment: SINGLE, secret: { password: 'not the password' } }),
      rows: [[/^The login of app_/, 'AUTHENTICATION', /password authentication failed.*set the password by hand/]],
    },
    {
      title: 'a root that the function does not trust',
      seed: seeded({ environment: SINGLE, secret: { ca: selfSignedCertificate('localhost').certificate } }),
      rows: [[/^The login of app_/, 'TLS', /certificate.*give tls\.ca/]],
    },
    {
      title: 'a host that does not exist',
      seed: seeded({ environment: SINGLE, secret: { host: 'nowhere.invalid' } }),
      rows: [[/^The login of app_/, 'NETWORK', /nowhere\.invalid/]],
    },
    {
      title: 'a port at which nothing listens',
      seed: seeded({ environment: SINGLE, secret: { port: 1 } }),
      rows: [[/^The login of app_/, 'NETWORK', /ECONNREFUSED.*security group/]],
    },
    {
      title: 'a database that does not exist',
      seed: seeded({ environment: SINGLE, secret: { dbname: 'nothing' } }),
      rows: [[/^The login of app_/, 'CONFIGURATION', /"nothing" does not exist.*dbname/]],
    },
    {
      title: 'a user with one connection',
      seed: seeded({ environment: SINGLE }, (user) => `ALTER ROLE ${user} CONNECTION LIMIT 1`),
      rows: [[/^A second session of app_/, 'SERVICE', /CONNECTION LIMIT of the role/]],
    },
    {
      title: 'a copy of the password in another field',
      seed: seeded({ environment: SINGLE, secret: { password: 'the one', PGPASSWORD: 'the one' } }),
      rows: [['A new value', 'CONFIGURATION', /"PGPASSWORD" is a copy of the password/]],
    },
    {
      title: 'a user outside of the declaration',
      seed: seeded({ environment: { ...SINGLE_BY_ADMIN, USERS: '["somebody_else"]' } }),
      rows: [['A new value', 'CONFIGURATION', /expected somebody_else, as the declaration says/]],
    },
    {
      title: 'an administrator whose login is refused',
      seed: seeded({ environment: SINGLE_BY_ADMIN, admin: { username: 'master', password: 'not the password' } }),
      rows: [["The administrator's login", 'AUTHENTICATION', /login of master/]],
    },
    {
      title: 'an administrator who may not change roles',
      seed: async () => seeded({ environment: SINGLE_BY_ADMIN, admin: await administrator('NOCREATEROLE') })(),
      rows: [['What the administrator may do', 'PRIVILEGE', /has no CREATEROLE.*ALTER ROLE "admin_\w+" CREATEROLE/]],
    },
    {
      title: 'an administrator who has not made the user',
      seed: async () => seeded({ environment: SINGLE_BY_ADMIN, admin: await administrator('CREATEROLE') })(),
      rows: [['What the administrator may do', 'PRIVILEGE', /has not made app_\w+.*WITH ADMIN OPTION/]],
    },
    {
      title: 'a user with more power than a rotation hands out',
      seed: seeded({ environment: SINGLE_BY_ADMIN }, (user) => `ALTER ROLE ${user} CREATEROLE`),
      rows: [[/^What app_\w+ may do/, 'CONFIGURATION', /has CREATEROLE.*Revoke it/]],
    },
    {
      title: 'a user whose passwords have expired',
      seed: seeded({ environment: SINGLE_BY_ADMIN }, (user) => `ALTER ROLE ${user} VALID UNTIL '2020-01-01'`),
      rows: [['The server', 'CONFIGURATION', /is valid until 2020.*VALID UNTIL/]],
    },
    {
      title: "a grant that the administrator cannot hand over to the users' owner role",
      seed: seeded(
        { environment: ALTERNATING },
        (user) => `CREATE TABLE for_${user} (); GRANT SELECT ON for_${user} TO ${user}`,
      ),
      rows: [
        [
          'The privileges of both users',
          'PRIVILEGE',
          /cannot SET ROLE to .*as a superuser, GRANT SELECT ON TABLE .*; REVOKE SELECT/,
        ],
      ],
    },
    {
      title: "a second user who may be somebody else's",
      seed: seeded({ environment: ALTERNATING }, (user) => `CREATE ROLE ${user}_clone LOGIN`),
      rows: [['The users and their owner role', 'CONFIGURATION', /_clone exists and is not a member/]],
    },
  ];
}
