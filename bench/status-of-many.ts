import { randomUUID } from 'node:crypto';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { readStatus } from '../commands/status/read-status.ts';
import { localAws } from '../local/local-aws.ts';
import { createSecret } from '../local/secrets-manager/create-secret.ts';

/** What one look at many secrets cost. */
export interface Look {
  readonly secrets: number;
  readonly attention: number;
  readonly calls: number;
  /** Calls that the local AWS refused, since AWS would have. */
  readonly throttled: number;
  readonly seconds: number;
}

/**
 * Asks how many secrets fare, on a local AWS with AWS's quotas: one in twenty has a rotation that has not ended for days.
 * @param functions how many functions rotate them
 */
export async function statusOfMany(count: number, functions: number): Promise<Look> {
  const aws = await localAws({ quotas: true });
  const { account, endpoint, environment } = aws;
  const config = {
    endpoint,
    region: account.region,
    credentials: {
      accessKeyId: environment.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY ?? '',
    },
  };
  const secretsManager = new SecretsManagerClient(config);
  const logs = new CloudWatchLogsClient(config);
  let calls = 0;
  let throttled = 0;
  account.events.on('call', ({ errorCode }) => {
    calls += 1;
    if (errorCode === 'ThrottlingException') throttled += 1;
  });
  try {
    for (let index = 0; index < count; index += 1) {
      const name = `tenants/${index}`;
      createSecret({ Name: name, SecretString: '{}', ClientRequestToken: randomUUID() }, account);
      const secret = account.secrets.find(name);
      if (secret === undefined) throw new Error(`${name} was not created.`);
      const lambdaArn = `arn:aws:lambda:${account.region}:${account.id}:function:rotate-${index % functions}`;
      secret.rotation = { enabled: true, lambdaArn, rules: { ScheduleExpression: 'rate(30 days)' } };
      if (index % 20 === 0) {
        const pending = randomUUID();
        secret.addVersion(pending, account.clock.now());
        secret.attach('AWSPENDING', pending);
      }
    }
    await account.clock.advance({ days: 3 });
    const started = performance.now();
    const { secrets } = await readStatus({ secretsManager, logs, prefix: 'tenants/', now: account.clock.now() });
    return {
      secrets: secrets.length,
      attention: secrets.filter(({ findings }) => findings.length > 0).length,
      calls,
      throttled,
      seconds: Math.round(performance.now() - started) / 1_000,
    };
  } finally {
    secretsManager.destroy();
    logs.destroy();
    await aws.close();
  }
}
