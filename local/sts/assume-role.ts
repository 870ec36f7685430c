import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import type { Account, Caller } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { assumedRole, mayAssume } from '../iam/assume-role.ts';
import type { Role } from '../iam/role-store.ts';
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
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export const assumeRole = action(
  v.strictObject({
    RoleArn: v.pipe(v.string(), v.minLength(20), v.maxLength(2048)),
    RoleSessionName: v.pipe(v.string(), v.minLength(2), v.maxLength(64), v.regex(/^[\w+=,.@-]*$/)),
    DurationSeconds: v.optional(v.string(), String(HOUR_SECONDS)),
    ExternalId: v.optional(v.pipe(v.string(), v.minLength(2), v.maxLength(1224))),
  }),
  ({ RoleArn, RoleSessionName, DurationSeconds, ExternalId }, account, caller) => {
    const owner = ownerOf(RoleArn, account);
    const role = owner.roles.findByArn(RoleArn);
    const context = { 'sts:ExternalId': ExternalId, 'sts:RoleSessionName': RoleSessionName };
    refuseUnlessTrusted({ caller, RoleArn, context }, role, owner);
    const seconds = checkedSeconds(Number(DurationSeconds), role, caller);
    const session = {
      caller: assumedRole(RoleArn, RoleSessionName, owner),
      roleArn: RoleArn,
      expires: new Date(account.clock.now().getTime() + seconds * 1_000),
      isUnknownRole: role === undefined,
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

interface Request {
  readonly caller: Caller;
  readonly RoleArn: string;
  readonly context: Readonly<Record<string, string | undefined>>;
}

function refuseUnlessTrusted({ caller, RoleArn, context }: Request, role: Role | undefined, owner: Account): void {
  const isRoot = caller.arn.endsWith(':root');
  const principal = { accountId: placeOf(caller.arn)?.id ?? '', arns: [caller.arn] };
  if (role === undefined ? isRoot : mayAssume(owner, { roleArn: RoleArn, principal, context })) return;
  throw new AwsError(
    'AccessDenied',
    `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`,
    403,
  );
}

function checkedSeconds(seconds: number, role: Role | undefined, caller: Caller): number {
  if (!Number.isInteger(seconds) || seconds < 900 || seconds > MOST_SECONDS) {
    throw new AwsError(
      'ValidationError',
      `1 validation error detected: Value at 'durationSeconds' failed to satisfy constraint: Expected a whole number of seconds from 900 to ${MOST_SECONDS}`,
    );
  }
  if (caller.arn.includes(':assumed-role/') && seconds > HOUR_SECONDS) {
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
