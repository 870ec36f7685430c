import type { Construct } from 'constructs';
import { isPublic } from '../../rules/resource-policy/is-public.ts';
import type { PolicyStatement } from '../../rules/resource-policy/policy-statement.ts';
import { warn } from '../checks/warn.ts';
import { ConstructError } from '../construct-error.ts';
import type { RotationFunction } from '../rotation-function.ts';
import { knownAccount, knownRegion, partitionOf } from '../terraform/known-place.ts';
import { isReference } from '../terraform/references.ts';
import { resolveTokens } from '../terraform/resolve-tokens.ts';
import { anybody, type Caller, deployer, rotationRole } from './caller.ts';
import { checkStatementShapes } from './check-statement-shapes.ts';
import { deniedByTwo } from './denied-by-two.ts';
import { isDenied, mayDenyUnseen } from './is-denied.ts';
import type { Shape } from './verdict.ts';

/** What a resource policy is judged for. */
export interface JudgedSecret {
  readonly secretArn: string;
  /** The secret's name, with a `*` where AWS adds characters. @default it is in the ARN */
  readonly secretName?: string;
  /** @default the secret does not rotate */
  readonly rotationFunction?: RotationFunction | undefined;
  readonly blockPublicPolicy: boolean;
}

const READ = 'secretsmanager:GetSecretValue';
const CHANGE_POLICY = ['secretsmanager:PutResourcePolicy', 'secretsmanager:DeleteResourcePolicy'];
const DEPLOY = ['secretsmanager:DescribeSecret', 'secretsmanager:GetResourcePolicy', ...CHANGE_POLICY];
const ROTATE = [
  ...['secretsmanager:DescribeSecret', READ, 'secretsmanager:PutSecretValue'],
  'secretsmanager:UpdateSecretVersionStage',
];

/**
 * Refuses a policy by which nobody could read the secret or change the policy again, by which its rotation would stop, or
 * which is public; warns of one by which the next deploy would be denied.
 * @param earlier the statements to which these are added
 * @throws OPTIONS
 */
export function checkResourcePolicy(
  scope: Construct,
  statements: readonly PolicyStatement[],
  secret: JudgedSecret,
  earlier: readonly PolicyStatement[] = [],
): void {
  const { rotationFunction, blockPublicPolicy } = secret;
  const everything = [...earlier, ...statements];
  checkStatementShapes(scope, everything);
  const secretArn = shapeOf(scope, secret);
  const denier: Denier = (caller, action, context = {}) =>
    statements.find((each) => isDenied(each, { caller, action, secretArn, context }) === 'yes') ??
    deniedByTwo(everything, { caller, action, secretArn, context });
  const unseen: Denier = (caller, action, context = {}) =>
    statements.find((each) => mayDenyUnseen(each, { caller, action, secretArn, context }));

  const everybody = anybody(scope);
  const closed = [denier(everybody, READ), CHANGE_POLICY.every((action) => denier(everybody, action))];
  if (closed.some(Boolean)) {
    const what = closed[0] ? READ : CHANGE_POLICY.join(' and ');
    throw refused(
      scope,
      `denies ${what} to everybody, including the role that deploys. Exempt that role with a condition on aws:PrincipalArn`,
    );
  }
  if (rotationFunction !== undefined) checkRotation(scope, rotationFunction, denier, unseen);
  for (const statement of statements.filter(isPublic)) {
    const found = `allows everybody what the statement ${statement.name} says`;
    if (blockPublicPolicy)
      throw refused(
        scope,
        `${found}, in any account. AWS refuses it: name principals, or set blockPublicPolicy to false`,
      );
    warn(scope, `The resourcePolicy ${found}, in any AWS account.`);
  }
  const deploys = deployer(scope);
  const denied = DEPLOY.map((action) => [action, denier(deploys, action)] as const).find(([, each]) => each);
  if (denied === undefined) return;
  warn(
    scope,
    `The statement ${denied[1]?.name} of the resourcePolicy denies ${denied[0]} to the role that deploys, unless it is exempt: no later deploy ` +
      'could then change the secret or this policy. Exempt the role that Terraform runs as.',
  );
}

/** The statement by which a call is denied, or may be. */
type Denier = (caller: Caller, action: string, context?: Caller['context']) => PolicyStatement | undefined;

function checkRotation(scope: Construct, rotationFunction: RotationFunction, denier: Denier, unseen: Denier): void {
  const caller = rotationRole(rotationFunction);
  const actions = [
    ...ROTATE,
    ...(rotationFunction.needs.readsEarlierVersions ? ['secretsmanager:ListSecretVersionIds'] : []),
  ];
  const unsure = new Map<string, string>();
  for (const action of actions) {
    for (const stage of action === READ ? ['AWSCURRENT', 'AWSPENDING'] : ['']) {
      const label = stage === '' ? ('absent' as const) : { texts: [stage], glob: stage };
      const statement = denier(caller, action, { 'secretsmanager:versionstage': label });
      const maybe = unseen(caller, action, { 'secretsmanager:versionstage': label });
      if (maybe !== undefined && !unsure.has(maybe.name)) unsure.set(maybe.name, action);
      if (statement === undefined) continue;
      throw refused(
        scope,
        `denies ${action} to the role of the function that rotates it, by the statement ${statement.name}: no rotation would ` +
          'succeed. Exempt the role: add the statement with addToResourcePolicy, and rotationFunction.roleArn in a condition on ' +
          'aws:PrincipalArn',
      );
    }
  }
  for (const [name, action] of unsure) {
    warn(
      scope,
      `Nothing says at synth whether the statement ${name} of the resourcePolicy denies ${action} to the role of the function that ` +
        'rotates the secret: that depends on what only Terraform or AWS knows. If it does, no rotation succeeds. Rotate the ' +
        'secret once after the deploy, or exempt the role.',
    );
  }
}

function shapeOf(scope: Construct, { secretArn, secretName = '*' }: JudgedSecret): Shape {
  const text = String(resolveTokens(secretArn, scope));
  if (!isReference(secretArn)) return { texts: [text], glob: secretArn };
  const region = knownRegion(scope);
  const partition = region === undefined ? '*' : partitionOf(region);
  const name = isReference(secretName) ? '*' : secretName;
  const place = `${partition}:secretsmanager:${region ?? '*'}:${knownAccount(scope) ?? '*'}`;
  return { texts: [text], glob: `arn:${place}:secret:${name}-??????` };
}

function refused(scope: Construct, problem: string): ConstructError {
  return new ConstructError('OPTIONS', `The resourcePolicy of ${scope.node.path} ${problem}.`);
}
