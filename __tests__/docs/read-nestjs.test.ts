import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../../harness/free-port.ts';
import { cachedTool } from '../cached-tool.ts';
import { type Login, newLogin, readingAccount } from '../client/reading-account.ts';
import { postgresServer } from '../postgres-server.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(path.join(root, 'docs/read/nestjs.md'), 'utf8');
const files = [...page.matchAll(/^```typescript\n\/\/ ([\w.-]+)\n(.*?)^```/gms)].map(([, name = '', code = '']) => ({
  name,
  code,
}));
const server = await postgresServer({ tls: false });

const START = `import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.ts';
import { connectOnce } from './once.module.ts';

let given;
const once = process.env.ONCE ? [connectOnce((options) => { given = options; })] : [];
@Module({ imports: [AppModule, ...once] })
class Whole {}
const app = await NestFactory.create(Whole, { logger: ['error'], abortOnError: false }).catch((error) => {
  console.error(String(error));
  process.exit(1);
});
app.enableShutdownHooks();
await app.listen(0, '127.0.0.1');
console.log(JSON.stringify({ url: await app.getUrl(), given }));
`;

/** The page's own start, on a port that is given. */
const MAIN = `import './main.ts';
const url = 'http://127.0.0.1:' + process.env.PORT;
while (!(await fetch(url).catch(() => undefined))) await new Promise((resolve) => setTimeout(resolve, 50));
console.log(JSON.stringify({ url }));
`;

interface Started {
  readonly url: string;
  /** What the module that connects once was given. */
  readonly given?: object;
  readonly ended: Promise<unknown>;
  stop(): void;
}

describe.each(['11', '12'])('docs/read/nestjs.md', (major) => {
  const folder =
    cachedTool(`nestjs-${major}/node_modules/@nestjs/typeorm`) &&
    path.join(root, 'node_modules/.cache/rotaform', `nestjs-${major}`);
  const missing = folder ? '' : ' (skipped: NestJS is not installed with its modules; .ci/install-tools does it)';

  describe.skipIf(!folder)(`with NestJS ${major}${missing}`, () => {
    /** Builds the files of the page as they stand, without decorator metadata, and starts them with that NestJS. */
    async function start(environment: Readonly<Record<string, string>>, program = START): Promise<Started> {
      mkdirSync(path.join(folder ?? '', 'runs'), { recursive: true });
      const run = mkdtempSync(path.join(folder ?? '', 'runs/'));
      onTestFinished(() => rmSync(run, { recursive: true }));
      // Nobody else on this network is to reach it.
      for (const { name, code } of files)
        writeFileSync(path.join(run, name), code.replace('process.env.PORT ?? 3000', "$&, '127.0.0.1'"));
      writeFileSync(path.join(run, 'start.ts'), program);
      await build({
        entryPoints: [path.join(run, 'start.ts')],
        outfile: path.join(run, 'start.mjs'),
        bundle: true,
        packages: 'external',
        alias: {
          'rotaform-client': path.join(root, 'client/index.ts'),
          'rotaform-client/keep-fresh': path.join(root, 'client/keep-fresh.ts'),
          'rotaform-client/nestjs': path.join(root, 'client/nestjs.ts'),
          'rotaform-client/pg': path.join(root, 'client/pg.ts'),
        },
        platform: 'node',
        format: 'esm',
        tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
        logLevel: 'silent',
      });
      const child = spawn(process.execPath, [path.join(run, 'start.mjs')], {
        env: { ...process.env, ...environment },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      onTestFinished(() => void child.kill('SIGKILL'));
      const errors: string[] = [];
      child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text));
      const ended = new Promise<unknown>((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)));
      const line = await new Promise<string>((resolve, reject) => {
        // NestJS logs to the same output.
        createInterface(child.stdout).on('line', (text) => text.startsWith('{') && resolve(text));
        ended.then(() => reject(new Error(errors.join(''))));
      });
      return { ...JSON.parse(line), ended, stop: () => void child.kill('SIGTERM') };
    }

    async function application(database: Login) {
      const account = await readingAccount();
      await account.put(database, { name: 'my-app/db' });
      await account.put({ api_key: 'first' }, { name: 'my-app/api-key' });
      let accepted = 'first';
      const api = createServer(({ headers }, response) => {
        response.statusCode = headers.authorization === `Bearer ${accepted}` ? 200 : 401;
        response.end('orders');
      });
      await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
      onTestFinished(() => {
        api.closeAllConnections();
        api.close();
      });
      const { host, port } = server;
      const environment = {
        ...account.aws.environment,
        API_URL: `http://127.0.0.1:${(api.address() as AddressInfo).port}`,
        PGHOST: host,
        PGPORT: String(port),
        SECRET_MAX_AGE: '1',
      };
      const accept = (key: string) => {
        accepted = key;
      };
      return { account, environment, accept };
    }

    it('injects secrets, keeps TypeORM connected through a rotation, and reports health to Terminus', async () => {
      const [first, second] = [newLogin(`nest_${major}`), newLogin(`nest_${major}`)];
      await server.query(`CREATE ROLE nest_${major} LOGIN PASSWORD '${first.password}'`);
      const { account, environment, accept } = await application(first);
      const app = await start({ ...environment, PORT: String(await freePort()) }, MAIN);
      const ask = async (where: string) => {
        const response = await fetch(app.url + where);
        return [response.status, await response.text()] as const;
      };
      expect(await ask('/orders')).toEqual([200, 'orders']);
      expect(await ask('/user')).toEqual([200, `[{"user":"nest_${major}"}]`]);
      const [, healthy] = await ask('/health');
      expect(JSON.parse(healthy)).toMatchObject({
        status: 'ok',
        info: { secrets: { status: 'up', db: 'healthy', api: 'healthy' } },
      });

      // Both rotate; of neither is the new version current yet.
      await account.put(second, { name: 'my-app/db', stages: ['AWSPENDING'] });
      await server.query(`ALTER ROLE nest_${major} PASSWORD '${second.password}'`);
      await server.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'nest_${major}'`);
      await account.put({ api_key: 'second' }, { name: 'my-app/api-key', stages: ['AWSPENDING'] });
      accept('second');
      expect(await ask('/user')).toEqual([200, `[{"user":"nest_${major}"}]`]);
      expect(await ask('/orders')).toEqual([200, 'orders']);

      const answers = (await Promise.all(['/orders', '/user', '/health'].map(ask))).flat().join('\n');
      for (const secretText of [first.password, second.password, 'my-app/'])
        expect(answers.includes(secretText)).toBe(false);
      app.stop();
      expect(await app.ended).toBe('SIGTERM');
    });

    it('stops, so that it is restarted, when a login rotates that a module read only once', async () => {
      const [first, second] = [newLogin(`once_${major}`), newLogin(`once_${major}`)];
      await server.query(`CREATE ROLE once_${major} LOGIN PASSWORD '${first.password}'`);
      const { account, environment } = await application(first);
      const app = await start({ ...environment, ONCE: '1' });
      expect(app.given).toEqual({ user: first.username, pass: first.password });
      await account.put(second, { name: 'my-app/db' });
      await server.query(`ALTER ROLE once_${major} PASSWORD '${second.password}'`);
      await server.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'once_${major}'`);
      // Whatever reads the secret notices the rotation; without a reader keepFresh does, in a minute.
      await fetch(`${app.url}/user`).catch(() => {});
      expect(await app.ended).toBe('SIGTERM');
    });

    it('cannot start if it cannot read, and says why', async () => {
      const { environment } = await application(newLogin());
      await expect(start({ ...environment, AWS_ENDPOINT_URL: 'http://127.0.0.1:1' })).rejects.toThrow(
        /cannot be read: .*ECONNREFUSED/,
      );
    });
  });
});
