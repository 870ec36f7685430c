import { randomUUID } from 'node:crypto';
import type { LocalAws } from '../local/local-aws.ts';
import { rotateSecret } from '../local/secrets-manager/rotate-secret.ts';
import type { RotationOutcome } from '../local/secrets-manager/rotation-run.ts';

/** Rotates a secret of the account now, and waits for the end. */
export async function rotatePassword(aws: LocalAws, secretId: string): Promise<RotationOutcome | undefined> {
  rotateSecret({ SecretId: secretId, ClientRequestToken: randomUUID() }, aws.account);
  return aws.rotationSettled(secretId);
}
