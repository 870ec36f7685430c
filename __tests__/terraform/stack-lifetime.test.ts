import { createHash, type Hash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key/index.js';
import type { TerraformStack } from 'cdktf';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EphemeralVariable, RotatedSecret, Rotation, Schedule, StaticSecret } from '../../constructs/index.ts';
import { hasTerraform, missingTerraform, STATE_FILE } from '../../harness/terraform-cli.ts';
import { StackFolder } from '../../harness/terraform-folder.ts';
import { deploy } from '../../local/deploy/deploy.ts';
import { type LocalAws, localAws } from '../../local/local-aws.ts';
import { accountObjects } from './account-objects.ts';
import { firstRefusal } from './first-refusal.ts';
import { itKeepsTheLivePassword, liveValue, rotateLive } from './keeps-the-live-password.ts';

const NAME = 'my-app/db';
/** Given by the environment, at the first apply only. */
const SENTINEL = `first-${randomUUID()}`;

interface Options {
  readonly length?: number;
  readonly days?: number;
}

function declared({ length = 40, days = 30 }: Options = {}) {
  return (stack: TerraformStack) => {
    const first = new EphemeralVariable(stack, 'first_password', 'The password of today');
    const key = new KmsKey(stack, 'key', { description: 'Of secrets', enableKeyRotation: true });
    new RotatedSecret(stack, 'db', {
      name: NAME,
      kmsKeyArn: key.arn,
      description: 'The password of the application',
      initial: { username: 'app', password: first.stringValue },
      rotation: Rotation.password({ length }),
      schedule: Schedule.rate({ days }),
      tags: { team: 'payments' },
      functionOptions: { reservedConcurrentExecutions: 2, tracing: true },
    });
    // A secret that does not rotate has its value from the variable alone.
    new StaticSecret(stack, 'client', {
      name: 'my-app/client',
      initial: { client_secret: first.stringValue },
    });
    new StaticSecret(stack, 'whole', { name: 'my-app/whole', initial: first.stringValue });
    new StaticSecret(stack, 'part', { name: 'my-app/part', initial: { key: `key-${first.stringValue}` } });
  };
}

describe.skipIf(!hasTerraform)(`a stack under the real Terraform${missingTerraform}`, { timeout: 600_000 }, () => {
  let aws: LocalAws;
  let terraform: StackFolder;
  let stateOfFirstApply: string;
  let uploaded: Hash;
  /** All that Terraform and the functions said. */
  const said: string[] = [];
  /** Every password that there ever was. */
  const passwords = new Set<string>();

  beforeAll(async () => {
    aws = await localAws({ rotation: { attempts: 1 } });
    aws.account.events.on('functionLog', ({ line }) => {
      said.push(line);
      collectPasswords();
    });
    terraform = new StackFolder(aws.environment, declared());
    const variables = { TF_VAR_first_password: SENTINEL };
    for (const args of [
      ['plan', '-out=first.plan'],
      ['apply', 'first.plan'],
    ]) {
      const { exitCode, output } = await terraform.run(args, variables).ended;
      said.push(output);
      expect(exitCode, output).toBe(0);
    }
    stateOfFirstApply = terraform.read(STATE_FILE);
    uploaded = createHash('sha256').update(readFileSync(path.join(terraform.folder, '.build/password.zip')));
    expect(await aws.rotationSettled(NAME)).toBe('succeeded');
  }, 600_000);

  afterAll(async () => {
    terraform?.remove();
    await aws?.close();
  });

  /** AWS forgets versions, and later tests know those that it forgot. */
  const collectPasswords = () => {
    const { versions } = aws.account.secrets.find(NAME) ?? { versions: new Map() };
    for (const { value } of versions.values()) {
      const { password } = JSON.parse(value?.SecretString ?? '{"password":""}');
      // A first version that was written again has none: the variable is given once.
      if (password !== '') passwords.add(password);
    }
  };
  const live = (): string => {
    collectPasswords();
    return liveValue({ aws, secretName: NAME });
  };
  const apply = async (...args: string[]): Promise<void> => {
    said.push(await terraform.apply(...args));
  };

  it('creates what a deploy of its JSON creates', async () => {
    const [applied] = aws.account.functions.all();
    const json = Object(terraform.stackJson);
    for (const each of Object.values<Record<string, unknown>>(json.resource.aws_lambda_function)) {
      each.runtime = applied?.configuration.Runtime;
    }
    const other = await localAws();
    await deploy(json, other.account, { folder: terraform.folder, variables: { first_password: SENTINEL } });
    await other.rotationSettled(NAME);
    const expected = accountObjects(other.account);
    await other.close();
    expect(accountObjects(aws.account)).toEqual(expected);
  });

  it('runs the archive that Terraform uploaded', () => {
    const [applied] = aws.account.functions.all();
    expect(applied?.configuration.CodeSha256).toBe(uploaded.digest('base64'));
    expect(JSON.parse(live()).password).toHaveLength(40);
  });

  itKeepsTheLivePassword([1, 2, 3, 10], () => ({
    aws,
    terraform,
    secretName: NAME,
    version: terraform.addressOf('aws_secretsmanager_secret_version', 'db'),
    stateOfFirstApply,
    said,
  }));

  it('shows only an edit of the schedule, and rotates once it is applied', async () => {
    const before = live();
    terraform.declare(declared({ days: 7 }));
    expect(await terraform.plan()).toEqual([
      expect.stringMatching(/^aws_secretsmanager_secret_rotation\.\w+: update$/),
    ]);
    await apply();
    expect(await aws.rotationSettled(NAME)).toBe('succeeded');
    expect(live()).not.toBe(before);
    expect(await terraform.plan()).toEqual([]);
  });

  it('updates the function if an option changes, and the next rotation uses it', async () => {
    const before = live();
    terraform.declare(declared({ days: 7, length: 52 }));
    expect(await terraform.plan()).toEqual([expect.stringMatching(/^aws_lambda_function\.\w+: update$/)]);
    await apply();
    expect(live()).toBe(before);
    expect(JSON.parse(await rotateLive({ aws, secretName: NAME })).password).toHaveLength(52);
  });

  it('has no password, and not the first one, in its state, plan, output and log', () => {
    live();
    passwords.delete(SENTINEL);
    expect(passwords.size).toBeGreaterThan(10);
    const saved = unzipSync(readFileSync(path.join(terraform.folder, 'first.plan')));
    const places = {
      output: said.join('\n'),
      state: terraform.read(STATE_FILE),
      backup: terraform.read(`${STATE_FILE}.backup`),
      stateOfFirstApply,
      stack: terraform.read('cdk.tf.json'),
      plan: Object.values(saved)
        .map((bytes) => strFromU8(bytes, true))
        .join('\n'),
    };
    expect(places.output).toContain('finishSecret done');
    expect(places.plan).toContain('terraform_version');
    for (const [place, text] of Object.entries(places)) {
      for (const password of [SENTINEL, ...passwords]) expect(text.includes(password), place).toBe(false);
    }
  });

  it('keeps a value that was given once, as a whole, as a field or as part of one', () => {
    const { secrets } = aws.account;
    const values = ['my-app/whole', 'my-app/client', 'my-app/part'].map((name) => {
      const secret = secrets.find(name);
      return secret?.versions.get(secret.stages.get('AWSCURRENT') ?? '')?.value?.SecretString;
    });
    expect(values).toEqual([
      SENTINEL,
      JSON.stringify({ client_secret: SENTINEL }),
      JSON.stringify({ key: `key-${SENTINEL}` }),
    ]);
  });

  it('is destroyed with all that it made, and the name of the secret stays taken until its recovery window ends', async () => {
    said.push(await terraform.destroy());
    const { functions, roles, logGroups, secrets } = aws.account;
    expect([functions.all(), roles.all(), logGroups.all()]).toEqual([[], [], []]);
    expect(secrets.find(NAME)?.deletion).toBeDefined();
    const refused = firstRefusal(aws.account, 'CreateSecret');
    const again = terraform.run([
      'apply',
      '-auto-approve',
      '-target',
      terraform.addressOf('aws_secretsmanager_secret', 'db'),
    ]);
    expect(await refused).toBe(
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    );
    // The provider would try for two minutes.
    again.kill();
    await again.ended;
  });
});
