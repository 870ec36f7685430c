import { ANSWERS_WITHIN } from '../answers-within.ts';
import { clearReason } from '../rotate/clear-reason.ts';
import { spelled } from '../spelling.ts';
import { UsageError } from '../usage-error.ts';
import { preflightTable } from './preflight-table.ts';

/** No function runs longer than 15 minutes. */
const LONGEST_FUNCTION = {
  requestHandler: { ...ANSWERS_WITHIN.requestHandler, requestTimeout: 905_000 },
};

export interface PreflightOptions {
  readonly json?: boolean;
  readonly invoke?: boolean;
}

/**
 * Says what would make the next rotation of a secret fail. Neither the secret nor its target is written to.
 * @returns the exit code: 1 if something would fail
 */
export async function runPreflight(names: readonly string[], { json, invoke }: PreflightOptions): Promise<number> {
  const [secretId = '', ...more] = names;
  if (secretId === '' || more.length > 0) {
    throw new UsageError(
      `Expected the name of one secret, found ${secretId === '' ? 'none' : names.length}: ${spelled('preflight', 'my-app/db')}`,
    );
  }
  const { SecretsManagerClient, LambdaClient, IAMClient, readPreflight } = await withAwsSdk();
  const secretsManager = new SecretsManagerClient(ANSWERS_WITHIN);
  const region = await secretsManager.config.region().catch(() => {
    throw new UsageError('No AWS region is set. Set AWS_REGION, or the region of your profile.');
  });
  // A function may take minutes, and a second question would only ask it again.
  const clients = {
    secretsManager,
    lambda: new LambdaClient({ maxAttempts: 1, ...LONGEST_FUNCTION }),
    iam: new IAMClient(ANSWERS_WITHIN),
  };
  const found = await readPreflight(secretId, clients, { invokesAny: invoke === true }).catch((error: unknown) => {
    if (error instanceof UsageError) throw error;
    const needs = 'secretsmanager:DescribeSecret';
    throw new UsageError(`Nothing was checked. ${clearReason(error, { secretId, region, needs })}`);
  });
  console.log(json ? JSON.stringify({ region, ...found }) : preflightTable(found));
  return found.checks.some(({ outcome }) => outcome === 'failed') ? 1 : 0;
}

async function withAwsSdk() {
  const [{ SecretsManagerClient }, { LambdaClient }, { IAMClient }, { readPreflight }] = await Promise.all([
    import('@aws-sdk/client-secrets-manager'),
    import('@aws-sdk/client-lambda'),
    import('@aws-sdk/client-iam'),
    import('./read-preflight.ts'),
  ]);
  return { SecretsManagerClient, LambdaClient, IAMClient, readPreflight };
}
