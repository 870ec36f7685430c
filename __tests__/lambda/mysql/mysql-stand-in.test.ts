import { CreateSecretCommand, UpdateSecretVersionStageCommand } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { MysqlOptions } from '../../../rules/mysql-rotation.ts';
import { deployStrategy } from '../rotation/deploy-strategy.ts';
import { mysqlStandIn } from './mysql-stand-in.ts';

const FIRST = 'the first password';

async function rotatedOnStandIn(
  strategy: MysqlOptions['strategy'],
  isByAdministrator: boolean,
  options?: Parameters<typeof mysqlStandIn>[1],
) {
  const standIn = await mysqlStandIn({ app: FIRST, master: 'the password of the master' }, options);
  onTestFinished(() => void standIn.close());
  const { port, ca } = standIn;
  const byAdministrator = {
    ADMINS: JSON.stringify([{ secretArn: 'administrator', host: 'localhost', port }]),
    USERS: '["app"]',
  };
  const user = await deployStrategy({
    entry: 'lambda/mysql.ts',
    secretString: JSON.stringify({ engine: 'mysql', host: 'localhost', port, username: 'app', password: FIRST }),
    environment: { ROTATION_STRATEGY: strategy, TLS_CA: ca, ...(isByAdministrator && byAdministrator) },
    timeoutSeconds: 30,
  });
  const SecretString = JSON.stringify({ username: 'master', password: 'the password of the master' });
  await user.client.send(new CreateSecretCommand({ Name: 'administrator', SecretString }));
  const password = async (which?: string): Promise<string> => JSON.parse((await user.value(which)) ?? '{}').password;
  return {
    ...user,
    standIn,
    password,
    accepts: (...all: readonly string[]) => all.map((each) => standIn.accepts('app', each)),
    async rotated(): Promise<string> {
      expect(await user.rotate()).toMatchObject({ outcome: 'succeeded' });
      return password();
    },
  };
}

describe('A MySQL user on a stand-in that follows the manual of MySQL', { timeout: 120_000 }, () => {
  it('has two passwords: the previous one stays valid until the next rotation', async () => {
    const user = await rotatedOnStandIn('dual-password', true);
    const [second, third] = [await user.rotated(), await user.rotated()];
    expect(user.accepts(FIRST, second, third)).toEqual([false, true, true]);
    const changes = user.standIn.statements.filter((sql) => sql.startsWith('ALTER'));
    expect(changes).toHaveLength(2);
    for (const sql of changes) expect(sql).toMatch(/AS 0x[\da-f]{140} RETAIN CURRENT PASSWORD$/);
    expect(user.standIn.statements.join()).not.toContain(third);
  });

  it('keeps the live password however often a rotation is tried again, or given up', async () => {
    const user = await rotatedOnStandIn('dual-password', true);
    for (const _ of ['first', 'second', 'third']) {
      const versionId = await user.pendingVersion();
      for (const step of ['createSecret', 'setSecret', 'setSecret', 'testSecret'] as const) {
        expect(await user.step(step, versionId)).not.toHaveProperty('failure');
        expect(user.accepts(FIRST)).toEqual([true]);
      }
      expect(user.accepts(await user.password(versionId))).toEqual([true]);
      const stage = { SecretId: user.secretArn, VersionStage: 'AWSPENDING', RemoveFromVersionId: versionId };
      await user.client.send(new UpdateSecretVersionStageCommand(stage));
    }
    expect(user.accepts(FIRST, await user.rotated())).toEqual([true, true]);
  });

  it('has one password as a single user, no matter who sets it', async () => {
    for (const isByAdministrator of [true, false]) {
      const user = await rotatedOnStandIn('single-user', isByAdministrator);
      const [second, third] = [await user.rotated(), await user.rotated()];
      expect(user.accepts(FIRST, second, third)).toEqual([false, false, true]);
    }
  });

  it('has one password after it had two, also if the server is full when the new one is proved first', async () => {
    for (const isFullAfterChange of [false, true]) {
      const user = await rotatedOnStandIn('single-user', true, { retained: { app: 'older' }, isFullAfterChange });
      expect(user.accepts(FIRST, 'older')).toEqual([true, true]);
      const second = await user.rotated();
      expect(user.accepts(FIRST, 'older', second)).toEqual([false, false, true]);
    }
  });

  it('is told no part of a password by the log if the server does not understand the change', async () => {
    const user = await rotatedOnStandIn('single-user', false, { knowsAlter: false });
    const versionId = await user.pendingVersion();
    await user.step('createSecret', versionId);
    expect(await user.step('setSecret', versionId)).toMatchObject({
      failure: { errorMessage: expect.stringMatching(/does not take the statement \(error 1064\)/) },
    });
    const log = JSON.stringify(user.aws.account.functions.find(user.functionArn)?.log);
    const passwords = [FIRST, await user.password(versionId)];
    for (const password of passwords) expect(log).not.toContain(password.slice(0, 6));
    expect(log).not.toContain('IDENTIFIED BY');
  });

  it.each([
    [
      'a version that would log its change',
      'single-user',
      { version: '5.6.51' },
      /is MySQL 5\.6\.51: a user changes its own password on 5\.7\.6 and newer/,
    ],
    [
      'a version that it does not tell',
      'single-user',
      { version: null },
      /is MySQL 0: a user changes its own password on 5\.7\.6 and newer/,
    ],
    [
      'a version that takes no hash of an administrator',
      'dual-password',
      { version: '8.0.18' },
      /is MySQL 8\.0\.18: an administrator needs 8\.0\.19 or newer/,
    ],
    ['a server that says in a word that it is read-only', 'dual-password', { readOnly: 'NO_LOCK,0' }, /is read-only/],
    [
      'a role that everybody has, and that could act for the server',
      'dual-password',
      { mandatoryRoles: "reader,`dba`@`%`,'other'@'10.%'" },
      /'app'@'%' has the role dba, which has CREATE USER/,
    ],
    [
      'a proxy, whose sessions are another one’s',
      'single-user',
      { isProxied: true },
      /RDS Proxy, ProxySQL or MaxScale/,
    ],
    ['a proxy, for an administrator', 'dual-password', { isProxied: true }, /Give the server's own address/],
  ] as const)('is refused by name, and nothing changes: %s', async (_, strategy, options, message) => {
    const user = await rotatedOnStandIn(strategy, strategy !== 'single-user', options);
    const versionId = await user.pendingVersion();
    await user.step('createSecret', versionId);
    expect(await user.step('setSecret', versionId)).toMatchObject({
      failure: { errorMessage: expect.stringMatching(message) },
    });
    expect(user.standIn.statements.filter((sql) => sql.startsWith('ALTER'))).toEqual([]);
    expect(user.accepts(FIRST)).toEqual([true]);
  });
});
