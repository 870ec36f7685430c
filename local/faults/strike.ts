import { AwsError } from '../aws-error.ts';
import { ConnectionLost } from '../connection-lost.ts';
import type { RoleSession } from '../permissions/role-session.ts';
import type { Fault } from './fault.ts';
import type { Faults } from './faults.ts';

/** Applies the part of a fault that comes before the call takes effect. */
export async function strikeBefore(
  { kind, delayMs = 0 }: Fault,
  session: RoleSession | undefined,
  faults: Faults,
): Promise<void> {
  if (kind === 'delay') await faults.wait(delayMs);
  if (kind === 'fail-before') {
    throw new AwsError('InternalServiceError', 'An error occurred on the server side.', 500);
  }
  if (kind === 'throttle') throw new AwsError('ThrottlingException', 'Rate exceeded');
  if (kind === 'kill-before') await kill(session);
}

/** Applies the part of a fault that comes after the call has taken effect. */
export async function strikeAfter({ kind }: Fault, session: RoleSession | undefined): Promise<void> {
  if (kind === 'fail-after') throw new ConnectionLost();
  if (kind === 'kill-after') await kill(session);
}

async function kill(session: RoleSession | undefined): Promise<never> {
  await session?.kill?.();
  throw new ConnectionLost();
}
