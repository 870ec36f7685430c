import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { RotateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider/index.js';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { App, TerraformStack } from 'cdktf';
import { createRemoteJWKSet, decodeProtectedHeader } from 'jose';
import { deploy, type LocalAws, localAws } from 'rotaform/local';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SecretsCache, secretsCache } from '../../client/index.ts';
import { declareToken } from '../../examples/service-token/declare-token.ts';
import { listOrders, serviceToken } from '../../examples/service-token/orders-client.ts';
import { ordersService } from '../../examples/service-token/orders-service.ts';
import { standInIssuer } from '../../examples/service-token/stand-in-issuer.ts';
import { callerVerifier } from '../../examples/service-token/verify-caller.ts';

const audience = 'https://orders.example.com';
const ORDER_1 = { id: 1, customerId: 'customer-1' };
const ORDER_2 = { id: 2, customerId: 'customer-2' };
const client = { client_id: 'shop', client_secret: 'the secret of the shop' };

describe('examples/service-token', () => {
  let issuer: Awaited<ReturnType<typeof standInIssuer>>;
  let orders: Awaited<ReturnType<typeof ordersService>>;
  let aws: LocalAws;
  let secretsManager: SecretsManagerClient;
  let secrets: SecretsCache;
  let outdir: string;

  beforeEach(async () => {
    outdir = mkdtempSync(path.join(tmpdir(), 'rotaform-example-'));
    issuer = await standInIssuer({ audience, client, lifetimeSeconds: 86_400 });
    // Here keys are rolled within seconds, and not within months.
    const keys = createRemoteJWKSet(new URL(`${issuer.url}jwks`), { cooldownDuration: 0 });
    orders = await ordersService(
      callerVerifier({ issuer: issuer.url, audience, keys, services: ['shop'], typ: 'at+jwt' }),
    );
    aws = await localAws();
    const app = new App({ outdir });
    const stack = new TerraformStack(app, 'example');
    new AwsProvider(stack, 'aws', { region: 'us-east-1' });
    new ArchiveProvider(stack, 'archive');
    declareToken(stack, { clientId: client.client_id, audience, scope: 'read:orders', domain: '', issuer: issuer.url });
    app.synth();
    const folder = path.join(outdir, 'stacks/example');
    const json = JSON.parse(readFileSync(path.join(folder, 'cdk.tf.json'), 'utf8'));
    await deploy(json, aws.account, { folder, variables: { client_secret: client.client_secret } });
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    secretsManager = new SecretsManagerClient({ endpoint: aws.endpoint, region: 'us-east-1', credentials });
    secrets = secretsCache({ client: secretsManager });
    expect(await aws.rotationSettled('shop/orders-token')).toBe('succeeded');
  });

  afterEach(async () => {
    secrets?.close();
    secretsManager?.destroy();
    await Promise.all([aws?.close(), orders?.close(), issuer?.close()]);
    rmSync(outdir, { recursive: true, force: true });
  });

  it('calls with its own token, through rotations of the token and of the key that signs it', async () => {
    const everything = { caller: 'service', orders: [ORDER_1, ORDER_2] };
    const running = serviceToken(secrets, 'shop/orders-token');
    const keys = new Set<string | undefined>();
    for (const _ of ['the first key', 'the second', 'the third']) {
      const cache = secretsCache({ client: secretsManager });
      const justStarted = serviceToken(cache, 'shop/orders-token');
      expect(await listOrders(orders.url, running)).toEqual(everything);
      expect(await listOrders(orders.url, justStarted)).toEqual(everything);
      keys.add(decodeProtectedHeader((await justStarted.get()).access_token).kid);
      issuer.rollKey();
      expect(await listOrders(orders.url, running)).toEqual(everything);
      expect(await listOrders(orders.url, justStarted)).toEqual(everything);
      cache.close();
      await secretsManager.send(new RotateSecretCommand({ SecretId: 'shop/orders-token' }));
      expect(await aws.rotationSettled('shop/orders-token')).toBe('succeeded');
    }
    expect(keys.size).toBe(3);
  });

  it('gives customers only their own orders, and nothing without a valid token', async () => {
    const ask = (bearer: string) => fetch(orders.url, { headers: { authorization: `Bearer ${bearer}` } });
    const customer = await ask(await issuer.customerToken());
    expect(await customer.json()).toEqual({ caller: 'customer', orders: [ORDER_1] });
    const [header, claims] = (await issuer.customerToken()).split('.');
    expect((await ask(`${header}.${claims}.${'A'.repeat(342)}`)).status).toBe(401);
    expect((await ask('')).status).toBe(401);
  });
});
