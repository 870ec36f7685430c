import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import type { Secret } from './secret.ts';

/**
 * The secret with that name or ARN, marked for deletion or not.
 *
 * @throws ResourceNotFoundException there is none.
 */
export function existingSecret(secretId: string, account: Account): Secret {
  const secret = account.secrets.find(secretId);
  if (secret) return secret;
  throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
}

const ON_A_REPLICA = "Operation not permitted on a replica secret. Call must be made in primary secret's region.";

/**
 * The secret with that name or ARN, if it can be changed here: it is not marked for deletion, and is no replica.
 *
 * @throws ResourceNotFoundException there is none.
 * @throws InvalidRequestException it is marked for deletion.
 * @throws InvalidParameterException it is a replica.
 */
export function writableSecret(secretId: string, account: Account): Secret {
  const secret = usableSecret(secretId, account);
  refuseReplica(secret, account);
  return secret;
}

/** @throws InvalidParameterException the secret is a replica. */
export function refuseReplica(secret: Secret, account: Account): void {
  if (secret.isReplicaIn(account.region)) throw new AwsError('InvalidParameterException', ON_A_REPLICA);
}

/**
 * The secret with that name or ARN, if it is not marked for deletion.
 *
 * @throws ResourceNotFoundException there is none.
 * @throws InvalidRequestException it is marked for deletion.
 */
export function usableSecret(secretId: string, account: Account): Secret {
  const secret = existingSecret(secretId, account);
  if (!secret.deletion) return secret;
  throw new AwsError(
    'InvalidRequestException',
    "You can't perform this operation on the secret because it was marked for deletion.",
  );
}
