import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Rotation, SecretsManagerEndpoint } from '../../../constructs/index.ts';
import { deploy } from '../../../local/deploy/deploy.ts';
import { readStack } from '../../../local/deploy/read-stack.ts';
import { resourceTypes } from '../../../local/deploy/resource-types.ts';
import { synthesizeEverything } from '../../constructs/synthesize-everything.ts';
import { synthesized } from '../permissions/synthesized.ts';
import { runningAccount } from '../secrets-manager/running-account.ts';

describe('the local deploy', () => {
  it('deploys a function in a VPC with signed code, and it rotates its secret', async () => {
    const subnetIds = ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'];
    const configArn = 'arn:aws:lambda:us-east-1:111122223333:code-signing-config:csc-0123456789abcdef0';
    const stack = synthesized((scope) => {
      const secretsManagerEndpoint = new SecretsManagerEndpoint(scope, 'endpoint', { subnetIds });
      return {
        initial: { username: 'app' },
        rotation: Rotation.password(),
        functionOptions: {
          network: { subnetIds, secretsManagerEndpoint },
          codeSigning: { configArn, profileName: 'team', bucketName: 'team-code' },
        },
      };
    });
    onTestFinished(() => stack.remove());
    const { aws, client } = await runningAccount();
    await deploy(stack.withStatements(stack.statements), aws.account, { folder: stack.folder });

    const { configuration, codeSigningConfigArn } = aws.account.functions.find('rotate-my-app-db') ?? {};
    expect(configuration?.VpcConfig).toEqual({
      SubnetIds: subnetIds,
      SecurityGroupIds: [expect.stringMatching(/^sg-[0-9a-f]{17}$/)],
    });
    expect(codeSigningConfigArn).toBe(configArn);
    await aws.rotationSettled('my-app/db');
    const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: 'my-app/db' }));
    expect(JSON.parse(SecretString)).toEqual({ username: 'app', password: expect.stringMatching(/^.{32}$/) });
  });

  it('knows every resource, attribute and expression that the constructs synthesize', async () => {
    const outdir = mkdtempSync(path.join(tmpdir(), 'rotaform-everything-'));
    onTestFinished(() => rmSync(outdir, { recursive: true }));
    await synthesizeEverything(outdir);
    const { blocks } = readStack(JSON.parse(readFileSync(path.join(outdir, 'stacks/everything/cdk.tf.json'), 'utf8')));
    const unknown = blocks.flatMap(({ type, attributes }) => {
      const known = resourceTypes.get(type)?.attributes;
      if (!known) return [type];
      return Object.keys(attributes).flatMap((each) => (known.includes(each) ? [] : [`${type}.${each}`]));
    });
    expect(unknown).toEqual([]);
  });
});
