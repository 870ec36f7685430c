import {
  type FunctionConfiguration,
  GetFunctionCommand,
  type GetFunctionCommandOutput,
  GetPolicyCommand,
  type LambdaClient,
} from '@aws-sdk/client-lambda';
import { matches } from '../../constructs/policy/verdict.ts';
import { PolicyRefused, parsePolicy } from '../../rules/resource-policy/parse-policy.ts';
import type { Condition, PolicyStatement } from '../../rules/resource-policy/policy-statement.ts';
import type { DescribedSecret } from './about-secret.ts';
import { type Check, failed, looked, notChecked, passed } from './check.ts';

const THERE = 'The function';
const INVOCABLE = 'Secrets Manager may invoke the function';
const PRINCIPAL = 'secretsmanager.amazonaws.com';

/** What is known of the function, besides the checks. */
export interface FunctionFacts {
  readonly checks: readonly Check[];
  /** Undefined if it is not there, or the caller may not look. */
  readonly configuration: FunctionConfiguration | undefined;
  /** Whether it is there, and nothing is known that keeps it from running. */
  readonly canRun: boolean;
}

/** Whether the function is there, can run, and lets Secrets Manager in. */
export async function aboutFunction(client: LambdaClient, secret: DescribedSecret): Promise<FunctionFacts> {
  const arn = secret.RotationLambdaARN;
  let found: GetFunctionCommandOutput | undefined;
  let isMissing = false;
  const there = await looked(THERE, 'lambda:GetFunction', async () => {
    try {
      found = await client.send(new GetFunctionCommand({ FunctionName: arn }));
    } catch (error) {
      if ((error as Error).name !== 'ResourceNotFoundException') throw error;
      isMissing = true;
      const message = `${arn} is not there: somebody deleted it, or the secret names another one. Deploy it again.`;
      return [failed(THERE, 'NO_FUNCTION', message)];
    }
    return [state(found)];
  });
  const policy = isMissing
    ? []
    : await looked(INVOCABLE, 'lambda:GetPolicy', async () => [await invocable(client, secret)]);
  const network = networkOf(found?.Configuration);
  const canRun = there.every(({ outcome }) => outcome !== 'failed');
  return { checks: [...there, ...policy, ...network], configuration: found?.Configuration, canRun };
}

/** Where a function in a VPC runs. Whether it gets out of there, it finds out itself. */
function networkOf({ VpcConfig }: FunctionConfiguration = {}): readonly Check[] {
  const { VpcId, SubnetIds = [], SecurityGroupIds = [] } = VpcConfig ?? {};
  if (SubnetIds.length === 0) return [];
  const place = [VpcId, ...SubnetIds, ...SecurityGroupIds].filter((id) => id !== undefined && id !== '').join(', ');
  return [
    notChecked(
      'Routes and security groups',
      `The function runs in ${place}. Their routes and rules are not read here: whether they let the function through, its own checks tell.`,
    ),
  ];
}

function state({ Configuration, Concurrency }: GetFunctionCommandOutput): Check {
  const { FunctionName, State, StateReason, LastUpdateStatus, LastUpdateStatusReason } = Configuration ?? {};
  const refused = (problem: string) => failed(THERE, 'NOT_INVOCABLE', `${FunctionName} ${problem}`);
  if (Concurrency?.ReservedConcurrentExecutions === 0) {
    return refused(
      'has a reserved concurrency of 0, so that nothing can run it. Give it at least 1, or take the setting away.',
    );
  }
  if (State === 'Failed') return refused(`is in the state Failed: ${StateReason}. Deploy it again.`);
  if (LastUpdateStatus === 'Failed') return refused(`was not updated: ${LastUpdateStatusReason}. Deploy it again.`);
  return passed(THERE);
}

async function invocable(client: LambdaClient, { Name, ARN = '', RotationLambdaARN }: DescribedSecret): Promise<Check> {
  const refused = (problem: string) =>
    failed(
      INVOCABLE,
      'NOT_INVOCABLE',
      `${problem} Deploy again, or call AddPermission for the principal ${PRINCIPAL}.`,
    );
  let policy: string;
  try {
    ({ Policy: policy = '' } = await client.send(new GetPolicyCommand({ FunctionName: RotationLambdaARN })));
  } catch (error) {
    if ((error as Error).name !== 'ResourceNotFoundException') throw error;
    return refused('The function has no policy, so nobody but its own account may invoke it.');
  }
  let statements: readonly PolicyStatement[];
  try {
    statements = parsePolicy(policy);
  } catch (error) {
    if (!(error instanceof PolicyRefused)) throw error;
    return notChecked(INVOCABLE, `The function's policy is ${error.message}.`);
  }
  const about = statements.filter(isAboutRotation);
  if (about.some((each) => each.effect === 'Deny')) {
    return notChecked(
      INVOCABLE,
      "The function's policy denies something. Whether that is this rotation, only AWS knows.",
    );
  }
  if (about.length === 0) return refused("The function's policy does not name Secrets Manager.");
  const owner = ARN.split(':')[4] ?? '';
  if (about.some(({ conditions }) => conditions.every((condition) => mayHold(condition, ARN, owner))))
    return passed(INVOCABLE);
  return refused(`The function's policy lets Secrets Manager in for other secrets, and not for ${Name}.`);
}

function isAboutRotation({ principals = [], actions = [] }: PolicyStatement): boolean {
  const isNamed = principals.some(({ type, id }) => id === '*' || (type === 'Service' && id === PRINCIPAL));
  return isNamed && actions.some((action) => /^(\*|lambda:(\*|Invoke\*|InvokeFunction))$/i.test(action));
}

/** Whether a condition lets this secret in. Whether its other parts hold, only AWS knows. */
function mayHold({ test, variable, values }: Condition, arn: string, owner: string): boolean {
  const value = { 'aws:sourcearn': arn, 'aws:sourceaccount': owner }[variable.toLowerCase()];
  if (value === undefined || !/^(String|Arn)(Equals|Like)(IfExists)?$/.test(test)) return true;
  return values.some((pattern) => matches(pattern, { texts: [value], glob: value }) !== 'no');
}
