import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GetSecretValueCommand, RotateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider/index.js';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { App, TerraformStack } from 'cdktf';
import { EphemeralVariable, RotatedSecret, Rotation, Schedule } from 'rotaform';
import { deploy, type LocalAws, localAws } from 'rotaform/local';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keyService } from '../../examples/custom-strategy/key-service.ts';

describe('examples/custom-strategy', () => {
  const first = { id: 'first', key: 'the-key-of-today' };
  let service: Awaited<ReturnType<typeof keyService>>;
  let aws: LocalAws;
  let outdir: string;

  beforeEach(async () => {
    outdir = mkdtempSync(path.join(tmpdir(), 'rotaform-example-'));
    service = await keyService(first);
    aws = await localAws();
    const app = new App({ outdir });
    const stack = new TerraformStack(app, 'example');
    new AwsProvider(stack, 'aws', { region: 'us-east-1' });
    new ArchiveProvider(stack, 'archive');
    new RotatedSecret(stack, 'api-key', {
      name: 'my-app/api-key',
      initial: {
        key_id: first.id,
        api_key: new EphemeralVariable(stack, 'first_api_key', 'The key that works today').stringValue,
        note: 'kept',
      },
      rotation: Rotation.custom({
        entry: 'examples/custom-strategy/api-key.ts',
        environment: { API_URL: service.url },
      }),
      schedule: Schedule.rate({ days: 7 }),
    });
    app.synth();
    const folder = path.join(outdir, 'stacks/example');
    const variables = { first_api_key: first.key };
    await deploy(JSON.parse(readFileSync(path.join(folder, 'cdk.tf.json'), 'utf8')), aws.account, {
      folder,
      variables,
    });
  });

  afterEach(async () => {
    await aws?.close();
    await service?.close();
    rmSync(outdir, { recursive: true, force: true });
  });

  it('gives the secret a key that works, and keeps the previous one until the next rotation', async () => {
    expect(await aws.rotationSettled('my-app/api-key')).toBe('succeeded');
    const second = await stored();
    expect(second).toMatchObject({ note: 'kept' });
    expect(second.api_key).not.toBe(first.key);
    expect(await works(second.api_key)).toBe(true);
    expect(await works(first.key)).toBe(true);

    await secretsManager().send(new RotateSecretCommand({ SecretId: 'my-app/api-key' }));
    expect(await aws.rotationSettled('my-app/api-key')).toBe('succeeded');
    const third = await stored();
    expect(await works(third.api_key)).toBe(true);
    expect(await works(second.api_key)).toBe(true);
    expect(await works(first.key)).toBe(false);
  });

  it('keeps the current key if the service is unavailable', async () => {
    expect(await aws.rotationSettled('my-app/api-key')).toBe('succeeded');
    const today = await stored();
    await service.close();
    const failures: string[] = [];
    aws.account.events.on('rotationFailed', ({ failure }) => failures.push(failure.errorMessage));
    await secretsManager().send(new RotateSecretCommand({ SecretId: 'my-app/api-key' }));
    expect(await aws.rotationSettled('my-app/api-key')).toBe('failed');
    expect(failures).toHaveLength(1);
    expect(await stored()).toEqual(today);
    const { log } = aws.account.functions.find('rotate-my-app-api-key') ?? { log: [] };
    const lines = log.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
    expect(lines.at(-1)).toMatchObject({ step: 'createSecret', outcome: 'failed', errorCode: 'NETWORK' });
  });

  it('is the strategy that docs/custom-strategy.md shows', () => {
    const [, shown] = /^```ts\n(.*?)^```/ms.exec(readFileSync('docs/custom-strategy.md', 'utf8')) ?? [];
    expect(shown).toBe(readFileSync('examples/custom-strategy/api-key.ts', 'utf8'));
  });

  const secretsManager = () =>
    new SecretsManagerClient({
      endpoint: aws.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });

  async function stored() {
    const { SecretString = '' } = await secretsManager().send(
      new GetSecretValueCommand({ SecretId: 'my-app/api-key' }),
    );
    return JSON.parse(SecretString);
  }

  async function works(key: string): Promise<boolean> {
    const response = await fetch(`${service.url}/whoami`, { headers: { authorization: `Bearer ${key}` } });
    return response.ok;
  }
});
