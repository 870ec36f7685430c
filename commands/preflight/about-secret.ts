import type { DescribeSecretCommandOutput } from '@aws-sdk/client-secrets-manager';
import { secretFacts } from '../../rules/rotation-facts.ts';
import { rotationHealth } from '../../rules/rotation-health.ts';
import { giveUpCommand } from '../rotate/give-up-command.ts';
import { type Check, failed, passed } from './check.ts';

const moment = (date: Date) => `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** What DescribeSecret tells: whether rotation is on, when it is due, and whether one is stuck. */
export function aboutSecret(secret: DescribedSecret, now: Date): readonly Check[] {
  return [rotation(secret), schedule(secret, now), pending(secret)];
}

export type DescribedSecret = DescribeSecretCommandOutput & {
  readonly Name: string;
  readonly RotationLambdaARN: string;
};

function rotation({ Name, RotationEnabled }: DescribedSecret): Check {
  if (RotationEnabled) return passed('The rotation');
  return failed(
    'The rotation',
    'CANCELED',
    `The rotation of ${Name} is switched off: somebody canceled it. Deploy it again, or call RotateSecret.`,
  );
}

function schedule(secret: DescribedSecret, now: Date): Check {
  const facts = secretFacts(secret);
  if (facts.rotationRules === undefined) {
    return failed(
      'The schedule',
      'NO_SCHEDULE',
      `${secret.Name} has no schedule, so it rotates only by hand. Declare one, or call RotateSecret with RotationRules.`,
    );
  }
  const { window } = rotationHealth(facts, now);
  if (window === undefined) return passed('The schedule');
  const isOpen = window.opens <= now;
  return passed(
    'The schedule',
    `The ${isOpen ? 'window is open until' : 'next window opens at'} ${moment(isOpen ? window.closes : window.opens)}.`,
  );
}

function pending(secret: DescribedSecret): Check {
  const { pendingVersionId } = secretFacts(secret, secret.VersionIdsToStages);
  const what = 'No rotation in progress';
  if (pendingVersionId === undefined) return passed(what);
  return failed(
    what,
    'PENDING',
    `AWSPENDING is on the version ${pendingVersionId}, which is not current: a rotation has not ended, and RotateSecret is refused until ` +
      `it does. If it does not end, see why: the function's log. To give it up: ${giveUpCommand(secret.Name, pendingVersionId)}`,
  );
}
