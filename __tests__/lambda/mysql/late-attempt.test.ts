import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { UpdateSecretVersionStageCommand } from '@aws-sdk/client-secrets-manager';
import { expect, it, onTestFinished } from 'vitest';
import { describeOnMariadb } from '../../mariadb-server.ts';
import { ALTERNATING, DUAL, rotatedUser, SINGLE, SINGLE_BY_ADMIN } from './rotated-user.ts';

/** Passes everything on to a server; the next connection after `holdNext` waits until it is released. */
async function holdingProxy(server: { readonly port: number }) {
  let hold: { readonly held: Promise<void> } | undefined;
  const proxy = createServer(async (client: Socket) => {
    client.on('error', () => {});
    const waiting = hold?.held;
    hold = undefined;
    await waiting;
    const upstream = connect(server.port, '127.0.0.1').on('error', () => client.destroy());
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
    client.pipe(upstream).pipe(client);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void proxy.close());
  await once(proxy, 'listening');
  return {
    port: (proxy.address() as AddressInfo).port,
    holdNext(): () => void {
      let release = () => {};
      hold = {
        held: new Promise((resolve) => {
          release = resolve;
        }),
      };
      return release;
    },
  };
}

describeOnMariadb('An attempt whose version was given up while it waited for less than two seconds', {}, (server) => {
  it.each([
    ['dual-password', DUAL],
    ['alternating-users', ALTERNATING],
    ['single-user by an administrator', SINGLE_BY_ADMIN],
    ['single-user', SINGLE],
  ])('changes nothing, and AWSCURRENT stays valid: %s', async (_, environment) => {
    const proxy = await holdingProxy(server);
    const user = await rotatedUser({ ...server, port: proxy.port }, { environment });
    await user.rotated();
    const versionId = await user.pendingVersion();
    await user.step('createSecret', versionId);
    const release = proxy.holdNext();
    const late = user.step('setSecret', versionId);
    await sleep(200);
    const stage = { SecretId: user.secretArn, VersionStage: 'AWSPENDING', RemoveFromVersionId: versionId };
    await user.client.send(new UpdateSecretVersionStageCommand(stage));
    const now = await user.rotated();
    release();
    expect(await late).toMatchObject({ failure: { errorMessage: expect.stringMatching(/comes too late/) } });
    expect(await server.accepts(now)).toBe(true);
  });
});
