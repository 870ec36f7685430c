import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ordersService } from '../../commands/start/nestjs/orders-service.ts';
import { newLogin, readingAccount } from '../client/reading-account.ts';
import { postgresServer } from '../postgres-server.ts';

const server = await postgresServer();

describe('examples/nestjs', () => {
  it('uses its secret for the database, through a rotation, and shows it on no endpoint', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-nestjs-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(path.join(folder, 'root.pem'), server.ca);
    const [first, second] = [newLogin('rotaform_orders'), newLogin('rotaform_orders')];
    await server.query(`CREATE ROLE rotaform_orders LOGIN PASSWORD '${first.password}'`);
    const { host, port } = server;
    const place = { host, port, dbname: 'postgres' };
    const { aws, put } = await readingAccount();
    await put({ ...first, ...place }, { name: 'orders/database' });
    const service = await ordersService({ ...aws.environment, PGSSLROOTCERT: path.join(folder, 'root.pem') });
    onTestFinished(() => service.stop());
    const ask = async (where: string) => {
      const response = await fetch(service.url + where);
      return `${response.status} ${[...response.headers].flat().join(' ')} ${await response.text()}`;
    };
    expect(await ask('/orders')).toMatch(/^200 .*\[{"id":1,"item":"lamp"},{"id":2,"item":"chair"}\]$/);
    await put({ ...second, ...place }, { name: 'orders/database', stages: ['AWSPENDING'] });
    await server.query(`ALTER ROLE rotaform_orders PASSWORD '${second.password}'`);
    for (let count = 0; count < 20; count += 1) expect(await ask('/orders')).toMatch(/^200 /);
    expect(await ask('/health')).toMatch(/^200 .*{"secrets":{"database":"healthy","status":"up"}}$/);

    // Everything that a service like this is likely to publish.
    const places = [
      '/',
      '/orders',
      '/health',
      '/secret',
      '/secrets',
      '/config',
      '/env',
      '/debug',
      '/metrics',
      '/orders/1',
    ];
    const answers = (await Promise.all(places.map(ask))).join('\n');
    for (const text of [first.password, second.password, 'rotaform_orders', 'orders/database'])
      expect(answers.includes(text)).toBe(false);
  });

  it('says why it cannot start', async () => {
    await expect(ordersService({ AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_REGION: 'us-east-1' })).rejects.toThrow(
      /The service did not start:[\s\S]*orders\/database/,
    );
  });
});
