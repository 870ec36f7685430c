import { randomUUID } from 'node:crypto';
import type { AskedServer } from '../../asked-server.ts';
import { ALTERNATING, DUAL, rotatedUser, SINGLE, SINGLE_BY_ADMIN } from '../../lambda/mysql/rotated-user.ts';
import type { Seed } from './preflight-of.ts';

type Options = Parameters<typeof rotatedUser>[1];

/** What a real MariaDB tells the function. */
export function mariadbSeeds(server: AskedServer): readonly Seed[] {
  const seeded =
    (options: Options, sql: (account: string) => readonly string[] = () => []): Seed['seed'] =>
    async () => {
      const user = await rotatedUser(server, options);
      await server.query(['SELECT 1', ...sql(user.account)]);
      return user;
    };
  /** An administrator that was granted this and nothing else. */
  const administrator = async (...grants: readonly string[]) => {
    const admin = { username: `admin_${randomUUID().slice(0, 8)}`, password: 'of another administrator' };
    const account = `${admin.username}@'%'`;
    await server.query([
      `CREATE USER ${account} IDENTIFIED BY '${admin.password}'`,
      ...grants.map((grant) => grant.replace('$admin', account)),
    ]);
    return admin;
  };
  const READ = 'GRANT SELECT ON mysql.* TO $admin';
  return [
    {
      title: 'a password that the server refuses',
      seed: seeded({ environment: SINGLE, secret: { password: 'not the password' } }),
      rows: [[/^The login of app_/, 'AUTHENTICATION', /Access denied/]],
    },
    {
      title: 'a user with two passwords and no administrator',
      seed: seeded({
        environment: SINGLE,
        identified: "VIA mysql_native_password USING '$hash' OR mysql_native_password USING '$hash'",
      }),
      rows: [[/^The account of app_/, 'CONFIGURATION', /has 2 passwords.*Declare an admin/]],
    },
    {
      title: 'an account that is locked',
      seed: seeded({ environment: DUAL }, (account) => [`ALTER USER ${account} ACCOUNT LOCK`]),
      rows: [
        [/^The account of app_/, 'CONFIGURATION', /is locked/],
        [/^The login of app_/, 'CONFIGURATION', /lock/i],
      ],
    },
    {
      title: 'an administrator who may not change users',
      seed: async () => seeded({ environment: SINGLE_BY_ADMIN, admin: await administrator(READ) })(),
      rows: [['What the administrator may do', 'PRIVILEGE', /GRANT CREATE USER ON \*\.\* TO 'admin_/]],
    },
    {
      title: 'a user who could act for the server',
      seed: seeded({ environment: DUAL }, (account) => [`GRANT FILE ON *.* TO ${account}`]),
      rows: [[/^The account of app_/, 'CONFIGURATION', /has FILE/]],
    },
    {
      title: 'a privilege that the administrator cannot grant',
      seed: async () => {
        const admin = await administrator(READ, 'GRANT CREATE USER ON *.* TO $admin');
        return seeded({ environment: ALTERNATING, admin }, (account) => [
          'CREATE DATABASE IF NOT EXISTS shop',
          `GRANT SELECT, INSERT ON shop.* TO ${account}`,
        ])();
      },
      rows: [['The privileges of both users', 'PRIVILEGE', /may not grant .*SELECT ON `shop`\.\*.*WITH GRANT OPTION/]],
    },
  ];
}
