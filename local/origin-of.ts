import { type Account, rootOf } from './account.ts';
import { AwsError } from './aws-error.ts';
import { isRegion } from './partition.ts';
import type { Requester, RoleSession } from './permissions/role-session.ts';
import { placeOf } from './place.ts';
import type { Signature } from './wire/signature.ts';

/** Who makes a request, and where. */
export interface Origin {
  /** The caller's account, in the region that the request is signed for. */
  readonly account: Account;
  readonly requester: Requester;
  /** Absent if the caller is an account's root. */
  readonly session?: RoleSession | undefined;
}

/**
 * Who makes a request, by its signature: the session of a role, or else the root of an account. An access key id of twelve digits is
 * the root of the account with that number, and any other one that of the default account.
 *
 * @param home the default account
 * @throws InvalidSignatureException the signature's scope has no region.
 * @throws UnrecognizedClientException the session is not known here.
 * @throws ExpiredTokenException the session has expired.
 */
export function originOf({ accessKeyId, region }: Signature, home: Account): Origin {
  if (!isRegion(region)) {
    throw new AwsError(
      'InvalidSignatureException',
      `Credential should be scoped to a valid region. Expected a region such as us-east-1 in the signature, found "${region}". Set AWS_REGION.`,
    );
  }
  const session = home.sessions.find(accessKeyId);
  if (session !== undefined) {
    refuseExpired(session, home);
    return { account: home.at({ region, ...placeOf(session.roleArn) }), requester: session, session };
  }
  if (home.sessions.isAssumed(accessKeyId)) {
    throw new AwsError('UnrecognizedClientException', 'The security token included in the request is invalid.');
  }
  const account = home.at({ region, ...(/^\d{12}$/.test(accessKeyId) && { id: accessKeyId }) });
  return { account, requester: { caller: rootOf(account) } };
}

function refuseExpired({ expires }: RoleSession, { clock }: Account): void {
  if (expires === undefined || clock.now() < expires) return;
  throw new AwsError('ExpiredTokenException', 'The security token included in the request is expired');
}
