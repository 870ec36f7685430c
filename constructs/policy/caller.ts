import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity/index.js';
import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import type { RotationFunction } from '../rotation-function.ts';
import { knownAccount, knownDeployer, knownRegion, providerFor } from '../terraform/known-place.ts';
import { firstCharacters, isReference } from '../terraform/references.ts';
import { resolveTokens } from '../terraform/resolve-tokens.ts';
import { StackPlace } from '../terraform/stack-place.ts';
import type { Shape } from './verdict.ts';

/** Who calls Secrets Manager, as far as synth knows it. */
export interface Caller {
  /** Its ARNs: all of these must be excepted by a NotPrincipal, which takes no role for its sessions. */
  readonly arns: readonly Shape[];
  readonly account: Shape;
  /** Whether it is somebody, of whom synth does not know who: nobody that a policy names. */
  readonly isUnknown: boolean;
  /** Whether its role has a permissions boundary. */
  readonly hasBoundary?: boolean;
  /** Condition keys in lower case: what they hold, or that a request has none. Of others nothing is known. */
  readonly context: Readonly<Record<string, Shape | 'absent'>>;
}

const ABSENT = 'absent' as const;
const literal = (text: string): Shape => ({ texts: [text], glob: text });

/** The role of the function that rotates a secret, in a call of the function. */
export function rotationRole(rotationFunction: RotationFunction): Caller {
  const { role, roleArn, function: lambda, roleOptions, network } = rotationFunction;
  const text = (value: string) => String(resolveTokens(value, rotationFunction));
  const account = accountOf(rotationFunction);
  const functionName = lambda.functionNameInput ?? '';
  const ownName = isReference(functionName) ? '*' : `${firstCharacters(functionName, 37)}-*`;
  const path = roleOptions.path === undefined ? '/' : text(roleOptions.path);
  // Of a role that is made elsewhere, its ARN may be known, and nothing else is.
  const given = isReference(roleArn) ? `arn:*:iam::${account.glob}:role/*` : roleArn;
  const roleName = role === undefined ? (given.split('/').at(-1) ?? '*') : ownName;
  const glob = role === undefined ? given : `arn:*:iam::${account.glob}:role${path}${roleName}`;
  const arn = { texts: [text(roleArn)], glob };
  const session = { texts: [], glob: `arn:*:sts::${account.glob}:assumed-role/${roleName}/*` };
  const endpoint = network?.secretsManagerEndpoint?.endpoint;
  return {
    arns: [arn, session],
    account,
    isUnknown: false,
    hasBoundary: roleOptions.permissionsBoundary !== undefined,
    context: {
      ...ofEveryRequest(rotationFunction, account),
      'aws:principalarn': arn,
      'aws:principaltype': literal('AssumedRole'),
      'aws:multifactorauthpresent': ABSENT,
      'aws:viaawsservice': literal('false'),
      'aws:principalisawsservice': literal('false'),
      'aws:calledvia': ABSENT,
      'aws:sourcearn': ABSENT,
      'aws:sourceaccount': ABSENT,
      'lambda:sourcefunctionarn': {
        texts: [text(lambda.arn)],
        glob: `arn:*:lambda:*:*:function:${ownName.replace(/-\*$/, '*')}`,
      },
      ...(network === undefined && {
        'aws:sourcevpce': ABSENT,
        'aws:sourcevpc': ABSENT,
        'aws:vpcsourceip': ABSENT,
        // An address of Lambda's own, which no policy of ours can name.
        'aws:sourceip': { texts: ['0.0.0.0/0'], glob: 'an address of AWS' },
      }),
      ...(endpoint !== undefined && {
        'aws:sourcevpce': { texts: [text(endpoint.id)], glob: 'vpce-*' },
        'aws:sourceip': ABSENT,
      }),
    },
  };
}

/** Anybody in the secret's account. */
export function anybody(scope: Construct): Caller {
  const account = accountOf(scope);
  return {
    arns: [{ texts: [], glob: '*' }],
    account,
    isUnknown: false,
    context: { ...ofEveryRequest(scope, account), 'aws:principalarn': { texts: [], glob: '*' } },
  };
}

/** Who runs Terraform. */
export function deployer(scope: Construct): Caller {
  const account = accountOf(scope);
  const role = knownDeployer(scope);
  const [, name = '*'] = /:role\/(?:.*\/)?([^/]+)$/.exec(role ?? '') ?? [];
  const known = role === undefined ? undefined : { texts: [role], glob: role.includes('${') ? '*' : role };
  const arn = known ?? { texts: [], glob: 'the deployer' };
  const session = { texts: [], glob: `arn:*:sts::${account.glob}:assumed-role/${name}/*` };
  return {
    arns: known === undefined ? [arn] : [known, session],
    account,
    isUnknown: known === undefined,
    context: { ...ofEveryRequest(scope, account), 'aws:principalarn': arn },
  };
}

function ofEveryRequest(scope: Construct, account: Shape): Caller['context'] {
  const region = knownRegion(scope);
  return {
    'aws:principalaccount': account,
    'aws:securetransport': literal('true'),
    ...(region !== undefined && { 'aws:requestedregion': literal(region) }),
  };
}

function accountOf(scope: Construct): Shape {
  const known = knownAccount(scope);
  const text = String(resolveTokens(StackPlace.of(scope).accountId, scope));
  const texts = [text, ...identitiesOf(scope)];
  return known === undefined ? { texts, glob: '*' } : { texts: [...texts, known], glob: known };
}

/** The account as the data sources of the stack's user say it. */
function identitiesOf(scope: Construct): string[] {
  const stack = TerraformStack.of(scope);
  const provider = providerFor(scope);
  return stack.node
    .findAll()
    .filter((node) => node instanceof DataAwsCallerIdentity)
    .filter((identity) => (identity.provider ?? providerFor(stack)) === provider)
    .map((identity) => `\${data.aws_caller_identity.${stack.getLogicalId(identity)}.account_id}`);
}
