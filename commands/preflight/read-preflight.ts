import type { IAMClient } from '@aws-sdk/client-iam';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeSecretCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { UsageError } from '../usage-error.ts';
import { aboutFunction, type FunctionFacts } from './about-function.ts';
import { aboutResourcePolicy } from './about-resource-policy.ts';
import { aboutRole } from './about-role.ts';
import { aboutSecret, type DescribedSecret } from './about-secret.ts';
import { askFunction } from './ask-function.ts';
import { type Check, notChecked } from './check.ts';

export interface PreflightClients {
  readonly secretsManager: SecretsManagerClient;
  readonly lambda: LambdaClient;
  /** Undefined if its package is not installed. */
  readonly iam: IAMClient;
}

export interface Preflight {
  /** The secret's name. */
  readonly secret: string;
  readonly functionName: string;
  /** What would fail comes first, then what was not checked. */
  readonly checks: readonly Check[];
}

const ORDER: readonly Check['outcome'][] = ['failed', 'not checked', 'passed'];

/** As every function of Rotaform is described, by the constructs and by the module. */
const OURS = /\(declared with Rotaform\)/;

/**
 * Looks whether the next rotation of a secret would fail, without writing anything: from outside, and by asking its function.
 * @param invokesAny whether a function is invoked that is not described as one of Rotaform's
 * @throws UsageError for a secret that does not rotate; AWS's own errors
 */
export async function readPreflight(
  secretId: string,
  { secretsManager, lambda, iam }: PreflightClients,
  { invokesAny = false, now = new Date() } = {},
): Promise<Preflight> {
  const secret = rotating(await secretsManager.send(new DescribeSecretCommand({ SecretId: secretId })), secretId);
  const facts = await aboutFunction(lambda, secret);
  const roleArn = facts.configuration?.Role;
  const [policy, role, target] = await Promise.all([
    aboutResourcePolicy(secretsManager, secret, roleArn),
    roleArn === undefined ? aboutNoRole(facts) : aboutRole(iam, roleArn, secret),
    asked(lambda, secret, facts, invokesAny),
  ]);
  const checks = [...aboutSecret(secret, now), ...facts.checks, ...policy, ...role, ...target];
  return {
    secret: secret.Name,
    functionName: secret.RotationLambdaARN.split(':')[6] ?? '',
    checks: checks.toSorted((one, other) => ORDER.indexOf(one.outcome) - ORDER.indexOf(other.outcome)),
  };
}

function rotating(secret: Partial<DescribedSecret>, secretId: string): DescribedSecret {
  const { Name = secretId, RotationLambdaARN, OwningService, DeletedDate } = secret;
  if (DeletedDate !== undefined) {
    throw new UsageError(`Nothing was checked. ${Name} waits for its deletion. Restore it with restore-secret first.`);
  }
  if (RotationLambdaARN !== undefined) return { ...secret, Name, RotationLambdaARN } as DescribedSecret;
  throw new UsageError(
    OwningService === undefined
      ? `Nothing was checked. ${Name} has no rotation. Declare one for it, and deploy it first.`
      : `Nothing was checked. The service ${OwningService} rotates ${Name} itself, without a function.`,
  );
}

/** What a function that is not there may do is no question. */
function aboutNoRole({ canRun }: FunctionFacts): readonly Check[] {
  return canRun ? [notChecked('What its role may do', 'Its role is not known: this needs lambda:GetFunction.')] : [];
}

/** An event that it does not know may make a function rotate that is not ours. */
async function asked(
  lambda: LambdaClient,
  secret: DescribedSecret,
  { configuration, canRun }: FunctionFacts,
  invokesAny: boolean,
): Promise<readonly Check[]> {
  const what = 'The function itself';
  if (!canRun) return [notChecked(what, 'It cannot run.')];
  if (secret.RotationEnabled !== true) {
    return [notChecked(what, 'It refuses to look while the rotation is switched off.')];
  }
  if (invokesAny || OURS.test(configuration?.Description ?? '')) return askFunction(lambda, secret);
  if (configuration === undefined) {
    const unread = 'Its description was not read, so it was not asked: it might not be one of Rotaform.';
    return [
      notChecked(
        what,
        `${unread} This needs lambda:GetFunction. If it is one of Rotaform, run this again with --invoke.`,
      ),
    ];
  }
  return [
    notChecked(
      what,
      'Its description does not say that it was declared with Rotaform, and another function might take the question for a rotation. If ' +
        'it is one of Rotaform, run this again with --invoke.',
    ),
  ];
}
