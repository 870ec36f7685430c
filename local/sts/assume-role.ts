import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { assumedRole } from '../iam/assume-role.ts';
import type { Role } from '../iam/role-store.ts';
import { authorize } from '../permissions/authorize.ts';
import { policyDocument } from '../permissions/policy-document.ts';
import type { RequestContext } from '../permissions/request-context.ts';
import type { Requester } from '../permissions/role-session.ts';
import { placeOf } from '../place.ts';
import { action } from './action.ts';

const HOUR_SECONDS = 3_600;
/** What AWS lets a role allow at most. */
const MOST_SECONDS = 43_200;

/**
 * Starts a session of a role of any account. A role that nobody has created here counts as the developer's own, made elsewhere: the
 * root of an account may assume it, and its sessions may do everything.
 *
 * @throws AccessDenied the role's trust policy does not let the caller assume it, or the session of a role asks for a role that
 *   does not exist.
 * @throws MalformedPolicyDocument the session's policy is not a JSON object.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export const assumeRole = action(
  v.strictObject({
    RoleArn: v.pipe(v.string(), v.minLength(20), v.maxLength(2048)),
    RoleSessionName: v.pipe(v.string(), v.minLength(2), v.maxLength(64), v.regex(/^[\w+=,.@-]*$/)),
    DurationSeconds: v.optional(v.string(), String(HOUR_SECONDS)),
    ExternalId: v.optional(v.pipe(v.string(), v.minLength(2), v.maxLength(1224))),
    /** A policy that limits the session. */
    Policy: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(2048))),
  }),
  ({ RoleArn, RoleSessionName, DurationSeconds, ExternalId, Policy }, account, requester) => {
    const owner = ownerOf(RoleArn, account);
    const role = owner.roles.findByArn(RoleArn);
    const context = { 'sts:ExternalId': ExternalId, 'sts:RoleSessionName': RoleSessionName };
    refuseUnlessTrusted(requester, RoleArn, context, owner);
    const seconds = checkedSeconds(Number(DurationSeconds), role, requester);
    const session = {
      caller: assumedRole(RoleArn, RoleSessionName, owner),
      roleArn: RoleArn,
      expires: new Date(account.clock.now().getTime() + seconds * 1_000),
      isUnknownRole: role === undefined,
      sessionPolicy: Policy === undefined ? undefined : policyDocument(Policy),
    };
    return {
      Credentials: {
        AccessKeyId: account.sessions.addAssumed(session),
        SecretAccessKey: randomBytes(30).toString('base64'),
        SessionToken: randomBytes(60).toString('base64'),
        Expiration: session.expires,
      },
      AssumedRoleUser: {
        AssumedRoleId: `${role?.RoleId ?? 'AROALOCAL000000000000'}:${RoleSessionName}`,
        Arn: session.caller.arn,
      },
    };
  },
);

/** The account of a role. @throws ValidationError it is not a role's ARN, or one of another partition. */
function ownerOf(roleArn: string, account: Account): Account {
  const [, partition] = /^arn:([\w-]+):iam::\d{12}:role\/(?:[!-~]+\/)?[\w+=,.@-]{1,64}$/.exec(roleArn) ?? [];
  if (partition !== account.partition) throw new AwsError('ValidationError', `${roleArn} is invalid`);
  return account.at(placeOf(roleArn) ?? {});
}

function refuseUnlessTrusted(requester: Requester, RoleArn: string, context: RequestContext, owner: Account): void {
  const role = owner.roles.findByArn(RoleArn);
  if (role === undefined && !('roleArn' in requester)) return;
  const refusal = new AwsError(
    'AccessDenied',
    `User: ${requester.caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`,
    403,
  );
  if (role === undefined) throw refusal;
  const document = role.AssumeRolePolicyDocument;
  const resourcePolicy = { name: `that says who may assume the role ${role.RoleName}`, document };
  const needed = { action: 'sts:AssumeRole', resource: RoleArn, resourcePolicy, needsResourcePolicy: true, context };
  try {
    authorize(requester, needed, owner);
  } catch (error) {
    throw error instanceof AwsError && error.code === 'AccessDeniedException' ? refusal : error;
  }
}

function checkedSeconds(seconds: number, role: Role | undefined, requester: Requester): number {
  if (!Number.isInteger(seconds) || seconds < 900 || seconds > MOST_SECONDS) {
    throw new AwsError(
      'ValidationError',
      `1 validation error detected: Value at 'durationSeconds' failed to satisfy constraint: Expected a whole number of seconds from 900 to ${MOST_SECONDS}`,
    );
  }
  if ('roleArn' in requester && seconds > HOUR_SECONDS) {
    throw new AwsError(
      'ValidationError',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    );
  }
  if (seconds > (role?.MaxSessionDuration ?? MOST_SECONDS)) {
    throw new AwsError(
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
  }
  return seconds;
}
