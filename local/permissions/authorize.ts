import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import type { Role } from '../iam/role-store.ts';
import { placeOf } from '../place.ts';
import type { Policy, Verdict } from './evaluate-policy.ts';
import { type Judgement, judgeRequest } from './judge-request.ts';
import { managedPolicy, managedPolicyArns } from './managed-policies.ts';
import type { RequestContext } from './request-context.ts';
import type { Requester } from './role-session.ts';

/** A permission that a call needs. */
export interface NeededPermission {
  /** Such as `kms:Decrypt`. */
  readonly action: string;
  /** The ARN of the resource. `*` for an action without resources. */
  readonly resource: string;
  /** The resource's own policy. @default none */
  readonly resourcePolicy?: Policy | undefined;
  /** Whether the resource's policy must let even its own account in. @default false */
  readonly needsResourcePolicy?: boolean;
  /** Its condition keys, in addition to those of every request. */
  readonly context?: RequestContext;
}

/**
 * Refuses a call that the policies of the requester and of the resource do not allow.
 *
 * @param account where the resource is
 * @throws AccessDeniedException in AWS's words: who may not do what, and whether a statement denies it explicitly.
 * @throws UnsupportedPolicy the local AWS cannot judge a policy.
 */
export function authorize(requester: Requester, needed: NeededPermission, account: Account): void {
  const { action, resource } = needed;
  const judgement = judge(requester, needed, account);
  if (judgement.verdict === 'allowed') return;
  const on = resource === '*' ? '' : ` on resource: ${resource}`;
  throw new AwsError(
    'AccessDeniedException',
    `User: ${requester.caller.arn} is not authorized to perform: ${action}${on} ${reason(judgement, action)}`,
  );
}

/** Whether a role's own policies and its boundary let it do something. No policy of the resource has a say. */
export function judgeAsRole(
  role: Role,
  needed: Pick<NeededPermission, 'action' | 'resource' | 'context'>,
  account: Account,
): Verdict {
  const arn = role.Arn.replace(/:iam:(.*):role\/(?:.*\/)?([^/]+)$/, ':sts:$1:assumed-role/$2/simulated');
  return judge({ caller: { arn }, roleArn: role.Arn }, needed, account).verdict;
}

function reason({ verdict, by }: Judgement, action: string): string {
  if (by === 'permissions boundary') {
    if (verdict === 'denied by a statement') return 'with an explicit deny in a permissions boundary';
    return `because no permissions boundary allows the ${action} action`;
  }
  if (verdict === 'denied by a statement')
    return `with an explicit deny in ${by === 'identity-based' ? 'an' : 'a'} ${by} policy`;
  return `because no ${by} policy allows the ${action} action`;
}

function judge(requester: Requester, needed: NeededPermission, account: Account): Judgement {
  const { action, resource, resourcePolicy, needsResourcePolicy } = needed;
  const role = 'roleArn' in requester ? roleOf(requester.roleArn, account) : undefined;
  const { principal, context } = callerPrincipal(requester);
  return judgeRequest({
    request: {
      action,
      resource,
      context: {
        ...needed.context,
        ...context,
        ...tagsOf(role),
        'aws:RequestedRegion': account.region,
        'aws:ResourceAccount': account.id,
      },
    },
    principal: { ...principal, hasBoundary: role?.permissionsBoundaryArn !== undefined },
    identityPolicies: ownPolicies(requester, role, account),
    boundary: role && boundaryOf(role, account),
    sessionPolicy: sessionPolicyOf(requester),
    resourcePolicy,
    isSameAccount: principal.accountId === account.id,
    needsResourcePolicy,
  });
}

/** A requester, as policies see it: who it is, and the condition keys that say so. */
export function callerPrincipal(requester: Requester) {
  const { arn } = requester.caller;
  const accountId = placeOf(arn)?.id ?? '';
  const roleArn = 'roleArn' in requester ? requester.roleArn : undefined;
  const context = {
    'aws:PrincipalAccount': accountId,
    'aws:PrincipalArn': roleArn ?? arn,
    'aws:PrincipalType': roleArn === undefined ? 'Account' : 'AssumedRole',
    ...OF_EVERY_REQUEST,
  };
  return { principal: { accountId, arn, roleArn }, context };
}

/** Loopback counts as encrypted, so that a policy that demands TLS does not refuse everything here. */
const OF_EVERY_REQUEST = {
  'aws:SecureTransport': 'true',
  'aws:PrincipalIsAWSService': 'false',
  'aws:ViaAWSService': 'false',
} as const;

function roleOf(roleArn: string, account: Account): Role | undefined {
  return account.at(placeOf(roleArn) ?? {}).roles.findByArn(roleArn);
}

function tagsOf(role: Role | undefined): RequestContext {
  return Object.fromEntries([...(role?.tags ?? [])].map(([key, value]) => [`aws:PrincipalTag/${key}`, value]));
}

function ownPolicies(requester: Requester, role: Role | undefined, account: Account): readonly Policy[] | 'everything' {
  if (!('roleArn' in requester) || requester.isUnknownRole) return 'everything';
  return role ? policiesOf(role, account) : [];
}

function sessionPolicyOf(requester: Requester): Policy | undefined {
  if (!('roleArn' in requester) || requester.sessionPolicy === undefined) return undefined;
  return { name: 'of the session', document: requester.sessionPolicy };
}

function policiesOf({ Arn, RoleName, inlinePolicies, attachedPolicyArns }: Role, account: Account): Policy[] {
  const inline = [...inlinePolicies].map(([name, document]) => ({ name: `${name} of the role ${RoleName}`, document }));
  const attached = [...attachedPolicyArns].map((arn) => ({
    name: arn,
    document: documentOf(arn, account.at(placeOf(Arn) ?? {})) ?? notKnown(arn, RoleName),
  }));
  return [...inline, ...attached];
}

/** What limits a role. A boundary that nobody has created here is the developer's own, made elsewhere: it limits nothing. */
function boundaryOf({ Arn, RoleName, permissionsBoundaryArn: arn }: Role, account: Account): Policy | undefined {
  const document = arn === undefined ? undefined : documentOf(arn, account.at(placeOf(Arn) ?? {}));
  return document === undefined
    ? undefined
    : { name: `${arn}, the permissions boundary of the role ${RoleName}`, document };
}

function documentOf(arn: string, { roles }: Account): string | undefined {
  const made = roles.managedPolicies.get(arn);
  return made?.versions.get(made.defaultVersionId)?.document ?? managedPolicy(arn);
}

function notKnown(arn: string, roleName: string): never {
  throw new AwsError(
    'UnsupportedPolicy',
    `The local AWS does not know what the managed policy ${arn} of the role ${roleName} allows. It knows ` +
      `${managedPolicyArns.join(' and ')}; give the role an inline policy instead, or create that policy here.`,
  );
}
