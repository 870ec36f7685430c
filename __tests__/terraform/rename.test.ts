import type { TerraformStack } from 'cdktf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  EphemeralVariable,
  RotatedSecret,
  type RotatedSecretProps,
  Rotation,
  Schedule,
  StaticSecret,
} from '../../constructs/index.ts';
import { rotatePassword } from '../../harness/rotate-password.ts';
import { hasTerraform, missingTerraform } from '../../harness/terraform-cli.ts';
import { StackFolder } from '../../harness/terraform-folder.ts';
import { type LocalAws, localAws } from '../../local/local-aws.ts';
import { createSecret } from '../../local/secrets-manager/create-secret.ts';
import { restoreSecret } from '../../local/secrets-manager/restore-secret.ts';
import { type Gate, openGate } from './gate.ts';

interface Names {
  readonly db?: string;
  readonly key?: string;
  /** Undefined for no secret that has a prefix. */
  readonly prefix?: string | undefined;
}

function declared(names: Names = {}) {
  const { db, key, prefix } = { db: 'my-app/db', key: 'my-app/key', prefix: 'my-app/many-', ...names };
  return (stack: TerraformStack) => {
    const first = new EphemeralVariable(stack, 'first_password', 'The password of today');
    const rotated = (id: string, named: Pick<RotatedSecretProps, 'name' | 'namePrefix'>) =>
      new RotatedSecret(stack, id, {
        ...named,
        initial: { username: 'app', password: first.stringValue },
        rotation: Rotation.password(),
        schedule: Schedule.rate({ days: 30 }),
        functionOptions: { functionName: `rotate-${id}` },
      });
    rotated('db', { name: db });
    if (prefix !== undefined) rotated('many', { namePrefix: prefix });
    new StaticSecret(stack, 'key', { name: key, initial: first.stringValue });
  };
}

interface Body {
  lifecycle?: {
    readonly create_before_destroy?: boolean;
    readonly replace_triggered_by?: readonly string[];
    readonly ignore_changes?: readonly string[];
  };
}

const FIRST = { TF_VAR_first_password: 'of-today' };

describe.skipIf(!hasTerraform)(`a secret that is renamed${missingTerraform}`, { timeout: 600_000 }, () => {
  let aws: LocalAws;
  let gate: Gate;
  let terraform: StackFolder;
  /** The calls of Terraform that change something, each with its secret or its refusal. */
  const changes: string[] = [];

  beforeAll(async () => {
    aws = await localAws({ rotation: { attempts: 1 } });
    aws.account.events.on('call', ({ service, action, secretId, errorCode, caller }) => {
      if (service !== 'secretsmanager' || /^(Get|List|Describe)/.test(action) || !caller.arn.endsWith(':root')) return;
      changes.push([action, errorCode ?? nameOf(secretId)].join(' '));
    });
    gate = await openGate(aws.endpoint, (action) => action === 'PutSecretValue');
    terraform = new StackFolder({ ...aws.environment, AWS_ENDPOINT_URL: gate.endpoint }, declared());
    // A state that an earlier version of the constructs has made.
    const json = JSON.parse(terraform.read('cdk.tf.json'));
    for (const resource of Object.values<Record<string, Body>>(json.resource).flatMap((named) =>
      Object.values(named),
    )) {
      if (resource.lifecycle === undefined) continue;
      const { create_before_destroy: _, replace_triggered_by: __, ignore_changes, ...lifecycle } = resource.lifecycle;
      resource.lifecycle = {
        ...lifecycle,
        ignore_changes: ignore_changes?.filter((name) => name !== 'secret_id') ?? [],
      };
    }
    const synthesized = terraform.read('cdk.tf.json');
    terraform.write('cdk.tf.json', JSON.stringify(json));
    const { exitCode, output } = await terraform.run(['apply', '-auto-approve'], FIRST).ended;
    terraform.write('cdk.tf.json', synthesized);
    expect(exitCode, output).toBe(0);
    for (const { arn } of aws.account.secrets.all()) await aws.rotationSettled(arn);
    expect(await terraform.plan()).toEqual([]);
  }, 600_000);

  afterAll(async () => {
    terraform?.remove();
    await gate?.close();
    await aws?.close();
  });

  const nameOf = (secretId = '') => secretId.replace(/^.*:secret:(.*)-\w{6}$/, '$1');
  const secret = (name: string) => aws.account.secrets.find(name);
  const live = (name: string) =>
    secret(name)?.versions.get(secret(name)?.stages.get('AWSCURRENT') ?? '')?.value?.SecretString;
  const many = () => aws.account.secrets.all().filter(({ name }) => name.startsWith('my-app/many-'));
  /** What Terraform did, and the calls by which it did it. */
  const run = async (args: readonly string[], variables = {}) => {
    changes.length = 0;
    const { exitCode, output } = await terraform.run(args, variables).ended;
    return { exitCode, output: output.replaceAll(/\s+/g, ' '), changes: [...changes] };
  };

  it('is refused at plan if its first value is not given, rotating or not, by name or by prefix', async () => {
    for (const names of [{ db: 'my-app/database' }, { key: 'my-app/api-key' }, { prefix: 'my-app/others-' }]) {
      terraform.declare(declared(names));
      const { exitCode, output, changes } = await run(['prefix' in names ? 'plan' : 'apply', '-input=false']);
      expect({ exitCode, changes }, JSON.stringify(names)).toEqual({ exitCode: 1, changes: [] });
      expect(output).toContain('Set TF_VAR_first_password for this plan and apply');
      expect(output).toContain('If the secret was renamed, give the value that it has today.');
    }
    terraform.declare(declared());
    expect(await terraform.plan()).toEqual([]);
  });

  it('stays unchanged by -replace under the same name: AWS refuses before the rotation is canceled', async () => {
    for (const id of ['db', 'key']) {
      const replace = `-replace=${terraform.addressOf('aws_secretsmanager_secret', id)}`;
      const { exitCode, output, changes } = await run(['apply', '-auto-approve', replace], id === 'db' ? FIRST : {});
      expect(exitCode).toBe(1);
      expect(output).toContain('ResourceExistsException');
      expect(changes).toEqual(['CreateSecret ResourceExistsException']);
    }
    expect(secret('my-app/db')?.rotation?.enabled).toBe(true);
    expect(await rotatePassword(aws, 'my-app/db')).toBe('succeeded');
    expect(await terraform.plan()).toEqual([]);
  });

  it('still exists if its successor gets no value, which only apply finds', async () => {
    const [before] = many();
    // A prefix does not say whose the secrets are that have it.
    createSecret(
      { Name: 'my-app/other-1', SecretString: 'of-another', ClientRequestToken: 'a'.repeat(32) },
      aws.account,
    );
    terraform.declare(declared({ prefix: 'my-app/other-' }));
    const { exitCode, output, changes } = await run(['apply', '-auto-approve']);
    expect(exitCode).toBe(1);
    expect(output).toContain('The secret has no value yet');
    expect(changes.filter((change) => change.startsWith('DeleteSecret'))).toEqual([]);
    expect(many()).toEqual([before]);
    expect(before?.deletion).toBeUndefined();

    terraform.declare(declared());
    await run(['apply', '-auto-approve'], FIRST);
    expect(await aws.rotationSettled(many()[0]?.arn ?? '')).toBe('succeeded');
    expect(await terraform.plan()).toEqual([]);
  });

  it('is still there if Terraform is killed before its successor has a value', async () => {
    terraform.declare(declared({ key: 'my-app/killed', db: 'my-app/killed-db' }));
    // One after the other: a kill while the state is being written would lose it.
    const killed = terraform.run(['apply', '-auto-approve', '-parallelism=1'], FIRST);
    gate.shutAfter(0, () => killed.kill());
    expect((await killed.ended).exitCode).toBeNull();
    gate.shutAfter(Number.POSITIVE_INFINITY, () => {});
    for (const name of ['my-app/key', 'my-app/db']) expect(secret(name)).toMatchObject({ deletion: undefined });
    expect(live('my-app/key')).toBe('of-today');
  });

  it('is deleted once its successor has a value and rotates', async () => {
    terraform.declare(declared({ key: 'my-app/api-key', db: 'my-app/database' }));
    const { exitCode, output, changes } = await run(['apply', '-auto-approve'], FIRST);
    expect(exitCode, output).toBe(0);
    const at = (change: string) => {
      expect(changes).toContain(change);
      return changes.indexOf(change);
    };
    expect(at('PutSecretValue my-app/api-key')).toBeLessThan(at('DeleteSecret my-app/key'));
    expect(at('PutSecretValue my-app/database')).toBeLessThan(at('RotateSecret my-app/database'));
    expect(at('RotateSecret my-app/database')).toBeLessThan(at('DeleteSecret my-app/db'));
    expect(live('my-app/api-key')).toBe('of-today');
    expect(await aws.rotationSettled('my-app/database')).toBe('succeeded');
    expect(await terraform.plan()).toEqual([]);
  });

  it('has its value again if it is destroyed, restored and imported: docs/rename.md', async () => {
    const names = { key: 'my-app/api-key', db: 'my-app/database' };
    terraform.declare(declared({ ...names, prefix: undefined }));
    const before = [live(names.key), live(names.db)];
    await terraform.destroy();
    for (const [id, name] of Object.entries(names)) {
      expect(secret(name)?.deletion).toBeDefined();
      const { ARN } = restoreSecret({ SecretId: name }, aws.account);
      const { exitCode, output } = await run(['import', terraform.addressOf('aws_secretsmanager_secret', id), ARN]);
      expect(exitCode, output).toBe(0);
    }
    // The value of a static secret is its declaration's: it is given again.
    const { exitCode, output } = await run(['apply', '-auto-approve'], FIRST);
    expect(exitCode, output).toBe(0);
    // Of the rotating one, that is the value before its first rotation, which an apply starts.
    expect(await aws.rotationSettled(names.db)).toBe('succeeded');
    const previous = secret(names.db)?.versions.get(secret(names.db)?.stages.get('AWSPREVIOUS') ?? '');
    expect([live(names.key), previous?.value?.SecretString]).toEqual(before);
    expect(await terraform.plan()).toEqual([]);
  });
});
