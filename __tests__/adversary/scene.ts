import { expect } from 'vitest';
import {
  ALTERNATING,
  type RotatedUser,
  type RotatedUserOptions,
  rotatedUser,
} from '../lambda/postgres/rotated-user.ts';
import type { PostgresLogin } from '../postgres-server.ts';
import type { RdsServer } from '../rds-server.ts';

/** Logins, tables and the rest, of a name that no other test has. */
export async function scene(
  server: RdsServer,
  others: readonly string[] = [],
  options: Partial<RotatedUserOptions> = {},
) {
  const user = await rotatedUser(server, { environment: ALTERNATING, ...options });
  const { username } = user.first;
  const ours: Readonly<Record<string, string>> = {
    u: username,
    owner: `${username}_owner`,
    clone: `${username}_clone`,
  };
  const named = (sql: string) => sql.replace(/\$(\w+)/g, (_, name) => ours[name] ?? `${name}_${username}`);
  const as = (name: string): PostgresLogin => ({ username: named(`$${name}`), password: 'of somebody else' });
  for (const name of others) await server.query(named(`CREATE ROLE $${name} LOGIN PASSWORD 'of somebody else'`));
  return {
    user,
    as,
    named,
    /** By the administrator, unless another login is given. `$u`, `$clone` and `$owner` are the roles, `$x` a name with theirs in it. */
    run: (sql: string, login?: PostgresLogin) => server.query(named(sql), login),
    bySuperuser: (sql: string) => server.superuser.query(named(sql)),
    /** What a statement says to whoever is current. */
    says: async (sql: string) => said(server.query(named(sql), await user.login())),
  };
}

export const said = (result: Promise<unknown>) =>
  result.then(
    () => 'done',
    (error: Error) => error.message,
  );

/** The statements of the rotation that change roles. */
export async function changes(user: RotatedUser, server: RdsServer): Promise<string> {
  const from = server.log().length;
  await user.rotated();
  return (
    server
      .log()
      .slice(from)
      .match(/(statement: |; )(SET LOCAL ROLE|GRANT|REVOKE|ALTER|CREATE|REASSIGN).*/g) ?? []
  )
    .filter((line) => !/ PASSWORD /.test(line))
    .join('\n');
}

/** Has the rotation that failed tried again, as Secrets Manager does. */
export async function retried(user: RotatedUser): Promise<void> {
  const [versionId = ''] =
    Object.entries(await user.labels()).find(([, labels]) => labels?.includes('AWSPENDING')) ?? [];
  for (const step of ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const)
    expect(await user.step(step, versionId)).not.toHaveProperty('failure');
}
