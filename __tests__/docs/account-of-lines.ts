import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { expect } from 'vitest';
import { RotatedSecret, Rotation, Schedule } from '../../constructs/index.ts';
import { deployStack } from '../constructs/deploy-stack.ts';
import {
  type RunningAccount,
  rotationFunction,
  runningAccount,
  TURNING,
} from '../local/secrets-manager/running-account.ts';
import { sendAwsCommand } from './aws-command.ts';

/** The secret of most pages. */
export const NAME = 'my-app/custom-password';
const BY_HAND = 'billing/key';

/** The account that a page's lines meet: made once for each block, when its first line needs it. */
export class AccountOfLines {
  #made: Promise<RunningAccount> | undefined;

  /** @param lines decide what the account has */
  constructor(private readonly lines: string) {}

  async send(args: readonly string[], variables: Readonly<Record<string, string>>): Promise<void> {
    this.#made ??= this.#make();
    const { aws, client } = await this.#made;
    const secretId = args[args.indexOf('--secret-id') + 1] ?? '';
    const filled: string[] = [];
    for (const arg of args) filled.push(await this.#filled(arg, secretId));
    const { AWS_ENDPOINT_URL: endpoint, ...environment } = variables;
    if (endpoint !== undefined) expect(new URL(endpoint).hostname).toBe('127.0.0.1');
    const sent = sendAwsCommand(filled, aws, () => '{"a":"file"}', { ...aws.environment, ...environment });
    if (secretId === 'no-such-secret') {
      await expect(sent).rejects.toThrow(/can't find the specified secret/);
      return;
    }
    const answer = await sent;
    if (args[1] === 'filter-log-events') {
      const failed = (answer.events as { message?: string }[]).filter(({ message }) =>
        /"outcome":"failed"/.test(message ?? ''),
      );
      expect(failed.length).toBe(1);
      // Without a filter there are others.
      expect((answer.events as []).length > 1).toBe(!args.includes('--filter-pattern'));
    }
    if (args[1] !== 'rotate-secret') return;
    await aws.rotationSettled(secretId);
    const { VersionIdsToStages } = await client.send(new DescribeSecretCommand({ SecretId: secretId }));
    expect(Object.values(VersionIdsToStages ?? {}).flat()).toContain('AWSCURRENT');
  }

  async post(pathname: string): Promise<void> {
    this.#made ??= this.#make();
    const { aws } = await this.#made;
    const answer = await fetch(aws.endpoint + pathname, {
      method: 'POST',
      headers: {
        authorization:
          'AWS4-HMAC-SHA256 Credential=any/20260101/us-east-1/local/aws4_request, SignedHeaders=host, Signature=none',
      },
    });
    expect(answer.status).toBe(204);
    expect(aws.account.secrets.find(NAME)).toBeUndefined();
  }

  async #make(): Promise<RunningAccount> {
    const running = await runningAccount({ rotation: { attempts: 1 } });
    const { aws, client } = running;
    const has = (text: string) => this.lines.includes(text);
    const create = (Name: string) => client.send(new CreateSecretCommand({ Name, SecretString: 'first' }));
    if (has('custom-password')) {
      await deployStack(aws.account, (stack) => {
        new RotatedSecret(stack, 'password', {
          name: NAME,
          initial: { username: 'user1' },
          rotation: Rotation.password(),
          schedule: Schedule.rate({ days: 30 }),
        });
      });
      await aws.rotationSettled(NAME);
    }
    if (has(BY_HAND)) {
      await create(BY_HAND);
      const RotationLambdaARN = await rotationFunction(running, TURNING);
      const RotationRules = { AutomaticallyAfterDays: 30 };
      await client.send(new RotateSecretCommand({ SecretId: BY_HAND, RotationLambdaARN, RotationRules }));
      await aws.rotationSettled(BY_HAND);
    }
    for (const name of ['my-app/google-key', 'my-app/license']) if (has(name)) await create(name);
    if (has('AWSPENDING')) {
      const pending = { SecretString: 'next', VersionStages: ['AWSPENDING'] };
      await client.send(new PutSecretValueCommand({ SecretId: has(NAME) ? NAME : BY_HAND, ...pending }));
    }
    if (has('filter-log-events')) await this.#failOnce(running);
    if (has('restore-secret')) await client.send(new DeleteSecretCommand({ SecretId: NAME }));
    return running;
  }

  async #failOnce({ aws, client }: RunningAccount): Promise<void> {
    aws.faults.add({ action: 'PutSecretValue', kind: 'fail-before', times: 100 });
    await client.send(new RotateSecretCommand({ SecretId: NAME }));
    expect(await aws.rotationSettled(NAME)).toBe('failed');
    aws.faults.clear();
  }

  /** What stands in capitals, the reader knows from the account. */
  async #filled(arg: string, SecretId: string): Promise<string> {
    if (!/^(ID|ARN)-OF-/.test(arg)) return arg;
    const { client } = (await this.#made) ?? { client: undefined };
    const { VersionIdsToStages = {}, RotationLambdaARN = '' } =
      (await client?.send(new DescribeSecretCommand({ SecretId }))) ?? {};
    if (arg === 'ARN-OF-THE-OLD-FUNCTION') return RotationLambdaARN;
    const label = arg.slice('ID-OF-'.length);
    const [id] = Object.entries(VersionIdsToStages).find(([, labels]) => labels.includes(label)) ?? [];
    return id ?? expect.unreachable(`No version of ${SecretId} has ${label}`);
  }
}
