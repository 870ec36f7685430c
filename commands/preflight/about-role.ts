import { type IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import type { DescribedSecret } from './about-secret.ts';
import { type Check, failed, looked, notChecked, passed } from './check.ts';

const ON_SECRET = ['DescribeSecret', 'GetSecretValue', 'PutSecretValue', 'UpdateSecretVersionStage'].map(
  (action) => `secretsmanager:${action}`,
);
const ON_KEY = ['kms:Decrypt', 'kms:GenerateDataKey'];

/** Whether the function's role may do what every rotation does. Its policies are simulated: nothing is called. */
export async function aboutRole(
  client: IAMClient,
  roleArn: string,
  secret: DescribedSecret,
): Promise<readonly Check[]> {
  const { ARN = '', KmsKeyId, RotationLambdaARN } = secret;
  const [, partition, , region, account] = ARN.split(':');
  const role = roleArn.split('/').at(-1) ?? roleArn;
  const simulate = async (
    what: string,
    actions: readonly string[],
    resource: string,
    context: object,
  ): Promise<Check> => {
    const { EvaluationResults = [] } = await client.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: roleArn,
        ActionNames: [...actions],
        ResourceArns: [resource],
        ContextEntries: Object.entries({
          'aws:RequestedRegion': region,
          'aws:PrincipalAccount': account,
          'aws:ResourceAccount': account,
          'aws:SecureTransport': 'true',
          ...context,
        }).map(([ContextKeyName, value]) => ({
          ContextKeyName,
          ContextKeyType: 'string' as const,
          ContextKeyValues: [String(value)],
        })),
      }),
    );
    const refused = EvaluationResults.filter(({ EvalDecision }) => EvalDecision !== 'allowed');
    if (refused.length === 0) return passed(what);
    const names = refused.map(({ EvalActionName }) => EvalActionName).join(', ');
    const unknown = [...new Set(refused.flatMap(({ MissingContextValues = [] }) => MissingContextValues))];
    if (unknown.length > 0) {
      return notChecked(
        what,
        `Whether ${role} may ${names} depends on ${unknown.join(', ')}, which only a call of its own has.`,
      );
    }
    const denied = refused.some(({ EvalDecision }) => EvalDecision === 'explicitDeny');
    return failed(
      what,
      'PRIVILEGE',
      `The function's role ${role} may not ${names} on ${resource}: ${denied ? 'a policy of its own denies it' : 'no policy of its own allows it'}. Deploy the rotation again, or grant that.`,
    );
  };
  const onSecret = 'What the role may do with the secret';
  const onKey = 'What the role may do with the key';
  const needs = 'iam:SimulatePrincipalPolicy';
  const checks = await looked(onSecret, needs, async () => [
    await simulate(onSecret, ON_SECRET, ARN, { 'secretsmanager:resource/AllowRotationLambdaArn': RotationLambdaARN }),
  ]);
  if (KmsKeyId === undefined || /(^|:)alias\/aws\/secretsmanager$/.test(KmsKeyId)) return checks;
  if (!/:key\//.test(KmsKeyId)) {
    return [
      ...checks,
      notChecked(onKey, `The secret names its key as ${KmsKeyId}. Policies can be simulated for a key's ARN.`),
    ];
  }
  const suffix = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  const context = {
    'kms:ViaService': `secretsmanager.${region}.${suffix}`,
    'kms:EncryptionContext:SecretARN': ARN,
    'kms:CallerAccount': account,
  };
  const ofKey = await looked(onKey, needs, async () => [await simulate(onKey, ON_KEY, KmsKeyId, context)]);
  return [...checks, ...ofKey];
}
