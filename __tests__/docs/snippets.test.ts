import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Server } from 'node:net';
import path from 'node:path';
import { RotateSecretCommand } from '@aws-sdk/client-secrets-manager';
import type { TerraformStack } from 'cdktf';
import { RotatedSecret, Rotation, Schedule } from 'rotaform';
import type { RotationStrategy } from 'rotaform/lambda';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { parse } from 'yaml';
import type { RotatingSecret } from '../../client/rotating-secret.ts';
import { deployStack } from '../constructs/deploy-stack.ts';
import { blockOf } from '../constructs/stack-json.ts';
import { synthesize } from '../constructs/synthesize.ts';
import { runningAccount } from '../local/secrets-manager/running-account.ts';
import { exportsOf, folderOfLines } from './lines-of-page.ts';
import { blockWith, readPage } from './pages.ts';

const secretOf = (stack: TerraformStack, kmsKeyArn?: string) =>
  new RotatedSecret(stack, 'db', {
    name: 'my-app/db',
    rotation: Rotation.password(),
    schedule: Schedule.rate({ days: 30 }),
    ...(kmsKeyArn !== undefined && { kmsKeyArn }),
  });

describe('The lines of a page that are parts of a program work:', () => {
  it('docs/regions.md, to share a secret with another account', async () => {
    const kmsKeyArn = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
    const { shareWithReports } = await exportsOf<{
      shareWithReports(secret: RotatedSecret): { document: string; keys: readonly unknown[] };
    }>(blockWith('docs/regions.md', 'ts', 'shareWithReports'));
    synthesize((stack) => {
      const { document, keys } = shareWithReports(secretOf(stack, kmsKeyArn));
      expect(document).toMatch(/^\$\{TfToken/);
      expect(keys).toHaveLength(1);
    });
  });

  it('docs/regions.md, to close a secret to all others', async () => {
    const { closeTo } = await exportsOf<{
      closeTo(secret: RotatedSecret, web: { arn: string }, deployRoleArn: string): void;
    }>(blockWith('docs/regions.md', 'ts', 'closeTo'));
    const stack = synthesize((each) => {
      const roleArn = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
      closeTo(secretOf(each), { arn: roleArn('web') }, roleArn('deploy'));
    });
    expect(JSON.stringify(blockOf(stack, 'aws_iam_policy_document', 'resource_policy'))).toContain('DenyOthers');
  });

  it('docs/deploy.md, one stack for each environment', async () => {
    const out = folderOfLines();
    vi.stubEnv('CDKTF_OUTDIR', out);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    await exportsOf(blockWith('docs/deploy.md', 'ts', "['dev', 'stage', 'prod']"));
    for (const name of ['dev', 'stage', 'prod']) {
      const { terraform } = JSON.parse(readFileSync(path.join(out, 'stacks', name, 'cdk.tf.json'), 'utf8'));
      expect(terraform.backend.s3).toMatchObject({ key: `${name}.tfstate`, use_lockfile: true });
    }
  });

  it('docs/use-in-your-repository.md, to start the target on this machine', async () => {
    const { setup } = await exportsOf<{
      setup(): Promise<{ environment: { API_URL: string }; close(): Promise<void> }>;
    }>(blockWith('docs/use-in-your-repository.md', 'ts', 'LocalSetup'));
    const { environment, close } = await setup();
    onTestFinished(close);
    expect(await (await fetch(environment.API_URL)).text()).toBe('someone');
    const headers = { origin: 'https://example.com', 'sec-fetch-site': 'cross-site' };
    expect((await fetch(environment.API_URL, { headers })).status).toBe(403);
  });

  it('docs/test-a-strategy.md, a server of your own', async () => {
    const code = blockWith('docs/test-a-strategy.md', 'ts', 'declare function run');
    const { server } = await exportsOf<{
      server(statement: (what: string, run: () => unknown) => Promise<string>): Server;
    }>(
      code
        .replace(/declare function run.*\n/, "const run = async (sql: string) => 'did ' + sql;\n")
        .replace('const server', 'export const server'),
    );
    let isKilled = false;
    const listening = server(async (_what, run) => {
      if (isKilled) throw new Error('killed');
      return (await run()) as string;
    }).listen(0, '127.0.0.1');
    onTestFinished(() => {
      listening.close();
    });
    await once(listening, 'listening');
    const socket = connect((listening.address() as AddressInfo).port, '127.0.0.1');
    socket.write('SELECT 1');
    expect(String((await once(socket, 'data'))[0])).toBe('did SELECT 1');
    isKilled = true;
    socket.on('error', () => {});
    const closed = once(socket, 'close');
    socket.write('SELECT 2');
    await closed;
  });

  it('docs/on-rotated.md, a reader that takes the message of the page', async () => {
    const { aws, client } = await runningAccount({ rotation: { attempts: 1 } });
    for (const [name, value] of Object.entries(aws.environment)) vi.stubEnv(name, value);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    await deployStack(aws.account, (stack) => void secretOf(stack));
    await aws.rotationSettled('my-app/db');
    const says = vi.spyOn(console, 'log').mockImplementation(() => {});
    onTestFinished(() => says.mockRestore());
    const { onMessage, db } = await exportsOf<{ onMessage(body: string): Promise<void>; db: RotatingSecret<unknown> }>(
      `${blockWith('docs/on-rotated.md', 'ts', 'takeRotationMessage')}\nexport { db };\n`,
    );
    const before = await db.get();
    const { VersionId = '' } = await client.send(new RotateSecretCommand({ SecretId: 'my-app/db' }));
    await aws.rotationSettled('my-app/db');
    await onMessage(
      blockWith('docs/on-rotated.md', 'json', 'Secret Label Updated').replace('"…"', JSON.stringify(VersionId)),
    );
    expect(says).toHaveBeenCalledWith('another version');
    expect(await db.get()).not.toEqual(before);
  });

  it('docs/custom-strategy.md, the strategy with its declaration', async () => {
    const asked: string[] = [];
    const service = createServer((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
      response.end(request.method === 'PUT' ? '{"key":"the-second-key"}' : '{}');
    }).listen(0, '127.0.0.1');
    onTestFinished(() => {
      service.close();
    });
    await once(service, 'listening');
    const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
    const entry = path.join(folderOfLines(), 'rotate-api-key.ts');
    writeFileSync(entry, blockWith('docs/custom-strategy.md', 'ts', 'rotationHandler('));
    const declaration = blockWith('docs/custom-strategy.md', 'ts', 'Rotation.custom(')
      .replace("'rotate-api-key.ts'", JSON.stringify(entry))
      .replace('https://api.example.com', url);
    const { declare } = await exportsOf<{ declare(stack: TerraformStack): void }>(
      `import { EphemeralVariable, RotatedSecret, Rotation, Schedule } from 'rotaform';\nexport function declare(stack) {\n${declaration}}\n`,
    );
    const { aws } = await runningAccount({ rotation: { attempts: 1 } });
    await deployStack(aws.account, declare, { first_api_key: 'the-first-key' });
    expect(await aws.rotationSettled('my-app/api-key')).toBe('succeeded');
    expect(asked.map((each) => each.replaceAll(/terraform-\d+/g, 'VERSION'))).toEqual([
      'DELETE /keys?except=first,VERSION Bearer the-first-key',
      'PUT /keys/VERSION Bearer the-first-key',
      'GET /whoami Bearer the-second-key',
    ]);
  });

  it('docs/custom-strategy.md, a check of a strategy of your own', async () => {
    const { strategy } = await exportsOf<{ strategy: RotationStrategy<{ key: string }, { key: string }> }>(
      blockWith('docs/custom-strategy.md', 'ts', 'async check('),
    );
    const asked: string[] = [];
    vi.stubGlobal('fetch', async (url: string, { headers }: { headers: { authorization: string } }) => {
      asked.push(`${url} ${headers.authorization}`);
      return new Response('', { status: 401 });
    });
    onTestFinished(() => {
      vi.unstubAllGlobals();
    });
    const said: unknown[] = [];
    const context = {
      signal: new AbortController().signal,
      look: async (what: string, look: () => Promise<unknown>) => {
        said.push([what, await look().catch(({ message }) => message)]);
      },
      skip: (what: string) => said.push(what),
    };
    await strategy.check?.({ key: 'today' }, context as never);
    expect(asked).toEqual(['https://api.example.com/whoami Bearer today']);
    expect(said).toEqual([['The current key', 'it is refused with 401'], 'The quota of keys']);
  });

  it('docs/use-in-your-repository.md, in plain JavaScript', async () => {
    const [, names = ''] =
      /^const \{ (.*) \} = require\('rotaform'\);$/m.exec(
        blockWith('docs/use-in-your-repository.md', 'js', 'require('),
      ) ?? [];
    // packaging/package.test.ts loads the package with `require`.
    const exported = await import('rotaform');
    for (const name of names.split(', ')) expect(exported).toHaveProperty(name);
  });

  it('docs/ci.md, the job that calls another workflow', () => {
    const { planned } = parse(blockWith('docs/ci.md', 'yaml', 'uses: '));
    const { jobs } = parse(readFileSync('.github/workflows/terraform.yml', 'utf8'));
    expect(jobs).toHaveProperty(planned.needs);
    expect(planned.permissions).toEqual({ ...jobs.check.permissions, ...jobs.plan.permissions });
    const [, file = ''] = /\/(\.github\/workflows\/[\w-]+\.yml)@main$/.exec(planned.uses) ?? [];
    expect(readPage('docs/ci.md')).toContain(`into \`${file}\``);
  });
});
