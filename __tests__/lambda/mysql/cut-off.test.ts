import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { describeOnMariadb } from '../../mariadb-server.ts';
import { DUAL, rotatedUser, SINGLE } from './rotated-user.ts';

/** Passes bytes on until so many have come in either direction, and then ends all its connections. */
async function cuttingProxy(server: { readonly port: number }) {
  const sockets = new Set<Socket>();
  let [left, seen] = [Number.POSITIVE_INFINITY, 0];
  const cut = () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  const proxy = createServer((client) => {
    const upstream = connect(server.port, '127.0.0.1');
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => {}).on('close', () => to.destroy());
      from.on('data', (chunk) => {
        const passed = chunk.subarray(0, Math.max(0, left));
        left -= chunk.length;
        seen += chunk.length;
        if (passed.length > 0) to.write(passed);
        if (left <= 0) setImmediate(cut);
      });
    }
  }).listen(0, '127.0.0.1');
  onTestFinished(() => {
    cut();
    proxy.close();
  });
  await once(proxy, 'listening');
  return {
    port: (proxy.address() as AddressInfo).port,
    /** How many bytes came since the last call. */
    taken() {
      const taken = seen;
      seen = 0;
      return taken;
    },
    cutAfter(bytes: number) {
      left = bytes;
    },
  };
}

describeOnMariadb('A connection that is cut after some bytes of setSecret', {}, (server) => {
  it.each([
    ['two passwords', DUAL],
    ['a single user', SINGLE],
  ])(
    'loses nothing of %s: the next attempt finishes',
    async (_, environment) => {
      const proxy = await cuttingProxy(server);
      const user = await rotatedUser({ ...server, port: proxy.port }, { environment });
      proxy.taken();
      const [first, setSecret] = [await user.pendingVersion(), 'setSecret' as const];
      await user.step('createSecret', first);
      expect(await user.step(setSecret, first)).not.toHaveProperty('failure');
      const bytes = proxy.taken();
      for (const step of ['testSecret', 'finishSecret'] as const) await user.step(step, first);
      const points = [0, 0.45, 0.6, 0.95].map((part) => Math.floor(bytes * part));
      for (const point of points) {
        const live = await user.login();
        const versionId = await user.pendingVersion();
        await user.step('createSecret', versionId);
        proxy.cutAfter(point);
        expect(await user.step(setSecret, versionId), `after ${point} of ${bytes} bytes`).toMatchObject({
          failure: { errorMessage: expect.stringMatching(/Secrets Manager tries again|network reaches/) },
        });
        if (environment === DUAL) expect(await server.accepts(live)).toBe(true);
        proxy.cutAfter(Number.POSITIVE_INFINITY);
        for (const step of [setSecret, 'testSecret', 'finishSecret'] as const) {
          expect(await user.step(step, versionId), `${step} after ${point} bytes`).not.toHaveProperty('failure');
        }
        expect(await server.accepts(await user.login())).toBe(true);
      }
    },
    240_000,
  );
});
