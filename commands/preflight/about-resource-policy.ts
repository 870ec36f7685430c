import { GetResourcePolicyCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Caller } from '../../constructs/policy/caller.ts';
import { deniedByTwo } from '../../constructs/policy/denied-by-two.ts';
import { isDenied, type Request } from '../../constructs/policy/is-denied.ts';
import { PolicyRefused, parsePolicy } from '../../rules/resource-policy/parse-policy.ts';
import type { PolicyStatement } from '../../rules/resource-policy/policy-statement.ts';
import type { DescribedSecret } from './about-secret.ts';
import { type Check, failed, looked, notChecked, passed } from './check.ts';

const WHAT = "The secret's own policy";
const ROTATE = ['DescribeSecret', 'GetSecretValue', 'PutSecretValue', 'UpdateSecretVersionStage'].map(
  (action) => `secretsmanager:${action}`,
);

const literal = (text: string) => ({ texts: [text], glob: text });

/** Whether the secret's own policy denies the function's role what a rotation does. */
export function aboutResourcePolicy(
  client: SecretsManagerClient,
  secret: DescribedSecret,
  roleArn: string | undefined,
): Promise<readonly Check[]> {
  return looked(WHAT, 'secretsmanager:GetResourcePolicy', async () => {
    const { ResourcePolicy } = await client.send(new GetResourcePolicyCommand({ SecretId: secret.ARN }));
    if (ResourcePolicy === undefined) return [passed(WHAT, 'There is none.')];
    if (roleArn === undefined)
      return [notChecked(WHAT, "The function's role is not known, so nothing says whether it is denied.")];
    try {
      return [judged(parsePolicy(ResourcePolicy), secret, roleArn)];
    } catch (error) {
      if (!(error instanceof PolicyRefused)) throw error;
      return [notChecked(WHAT, `It is ${error.message}.`)];
    }
  });
}

function judged(statements: readonly PolicyStatement[], secret: DescribedSecret, roleArn: string): Check {
  const role = roleArn.split('/').at(-1) ?? roleArn;
  const caller = callerOf(roleArn, role, secret.RotationLambdaARN);
  const asked = ROTATE.map(
    (action): Request => ({ caller, action, secretArn: literal(secret.ARN ?? ''), context: {} }),
  );
  for (const request of asked) {
    const denier = statements.find((each) => isDenied(each, request) === 'yes') ?? deniedByTwo(statements, request);
    if (denier === undefined) continue;
    return failed(
      WHAT,
      'PRIVILEGE',
      `The statement ${denier.name} denies ${request.action} to the function's role ${role}. Except the role in that statement, by a ` +
        'condition on aws:PrincipalArn.',
    );
  }
  const unsure = statements.find((each) => asked.some((request) => isDenied(each, request) === 'maybe'));
  if (unsure === undefined) return passed(WHAT);
  return notChecked(
    WHAT,
    `Whether the statement ${unsure.name} denies the function's role, only AWS knows: by its conditions.`,
  );
}

/** The function's role, in a call of the function. */
function callerOf(roleArn: string, role: string, functionArn: string): Caller {
  const [, partition, , region = '', account = '', , functionName] = functionArn.split(':');
  const session = `arn:${partition}:sts::${account}:assumed-role/${role}/${functionName}`;
  return {
    arns: [literal(roleArn), literal(session)],
    account: literal(account),
    isUnknown: false,
    context: {
      'aws:principalaccount': literal(account),
      'aws:principalarn': literal(roleArn),
      'aws:principaltype': literal('AssumedRole'),
      'aws:requestedregion': literal(region),
      'aws:securetransport': literal('true'),
      'aws:multifactorauthpresent': 'absent',
      'aws:viaawsservice': literal('false'),
      'aws:principalisawsservice': literal('false'),
      'aws:calledvia': 'absent',
      'aws:sourcearn': 'absent',
      'aws:sourceaccount': 'absent',
      'lambda:sourcefunctionarn': literal(functionArn),
    },
  };
}
