import { type RotationContext, RotationError } from '../../rotation/index.ts';
import { type PostgresSession, SAFE_PATH } from '../postgres-session.ts';
import type { Turn } from '../turn-of.ts';
import { usersAndOwner } from './checked-roles.ts';
import { forbiddenSettings, type SettingStep } from './forbidden-settings.ts';
import { leftovers } from './leftovers.ts';
import { stepsOf } from './steps.ts';

/** The SQLSTATE. */
const INSUFFICIENT_PRIVILEGE = '42501';

/**
 * Makes two users equal, within a transaction that the caller began: all that either owns or was granted becomes the
 * owner role's, both are members of it and their sessions begin in it, and what only a user can have is as the first user
 * has it. Then it looks whether they are. Where nothing has changed since the last rotation, it only looks.
 * @throws CONFIGURATION where they cannot be made equal, or could change each other's password; PRIVILEGE, SERVICE
 */
export async function equalUsers(
  session: PostgresSession,
  turn: Turn,
  { log }: Pick<RotationContext, 'log'>,
): Promise<void> {
  const { current, pending, first } = turn;
  const users = await usersAndOwner(session, turn);
  const { owner, version, find, names, missing: created } = users;
  if (created.length > 0)
    await change(
      created.map((name) => `CREATE ROLE ${session.name(name)} ${name === owner ? 'NOLOGIN' : 'LOGIN'}`).join('; '),
    );
  const steps = await stepsOf(session, users, turn);
  const forbidden: SettingStep[] = [];
  for (const { actor, sql, setting, value } of steps) {
    if (setting !== null) {
      if (!(await copy({ sql, setting, value }))) forbidden.push({ sql, setting, value });
      continue;
    }
    if (forbidden.length > 0) break;
    await change(actor === null ? sql : `SET LOCAL ROLE ${session.name(actor)}; ${sql}; SET LOCAL ROLE NONE`);
  }
  if (forbidden.length > 0) {
    const [from = '', to = ''] = names;
    const [copied, made] = [session.name(from), session.name(to)];
    const user = created.includes(to) ? `CREATE ROLE ${made} LOGIN; GRANT ${copied} TO ${made}` : undefined;
    throw forbiddenSettings(forbidden, { administrator: session.username, from, to, missing: user, version });
  }

  const schemas = find(current)?.schemas ?? null;
  const found = await session.run<{ what: string; isPath: boolean }>(
    leftovers(version),
    [...names, schemas],
    'comparing the users again',
  );
  const unequal = found.filter(({ isPath }) => !isPath).map(({ what }) => what);
  if (unequal.length > 0) {
    throw new RotationError(
      'CONFIGURATION',
      `${current} and ${pending} are not equal: ${unequal.join('; ')}. Grant it to ${owner}, of which both are members, or ` +
        'revoke it.',
    );
  }
  if (found.length === 0) return;
  throw new RotationError(
    'CONFIGURATION',
    `${current} finds names without a schema in ${schemas?.join(', ') || 'no schema'}; after the rotation, ` +
      `${found.map(({ what }) => what).join('; ')}. Set the search_path of ${first} to schemas by their names.`,
  );

  async function change(sql: string): Promise<void> {
    await session.run(sql);
    log(sql);
  }

  /** @returns whether the administrator may: only the server knows, since providers let theirs do more */
  async function copy({ sql, setting, value }: SettingStep): Promise<boolean> {
    await session.run('SAVEPOINT setting');
    try {
      if (value !== null) await session.run('SELECT set_config($1, $2, true)', [setting, value], sql);
      await change(sql);
      if (value !== null)
        await session.run(setting === 'search_path' ? SAFE_PATH : `SET LOCAL ${session.name(setting)} TO DEFAULT`);
      return true;
    } catch (error) {
      if (Object(Object(error).cause).code !== INSUFFICIENT_PRIVILEGE) throw error;
      await session.run('ROLLBACK TO SAVEPOINT setting');
      return false;
    }
  }
}
