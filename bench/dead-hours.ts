import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { localAws } from '../local/local-aws.ts';
import { createSecret } from '../local/secrets-manager/create-secret.ts';
import { rotateSecret } from '../local/secrets-manager/rotate-secret.ts';
import { READER_CACHE_SECONDS, type RenewalRules } from '../rules/token-lifetime.ts';
import { archiveOf } from '../testing/archive-of.ts';
import { deployFunction } from '../testing/deploy-function.ts';

export interface TokenPlan {
  readonly lifetimeSeconds: number;
  readonly rules: RenewalRules;
}

/** When within its windows a secret rotates: at random, or alternately early and late, which makes the longest gaps. */
export type Moments = 'random' | 'early, late';

const PASSWORD_FUNCTION = fileURLToPath(new URL('../lambda/password.ts', import.meta.url));

/**
 * Rotates a secret for so many days of the local account's clock, each value standing for a token of that life.
 * @returns the hours in which an application that keeps values for 300 seconds holds an expired one
 */
export async function deadHours(
  { lifetimeSeconds, rules: { refreshEveryMinutes, ...RotationRules } }: TokenPlan,
  days: number,
  moments: Moments,
): Promise<number> {
  const aws = await localAws({ rotation: { momentInWindow: momentInWindow(moments) } });
  const { account } = aws;
  const rotatedMs: number[] = [];
  account.events.on('rotationSucceeded', () => rotatedMs.push(account.clock.now().getTime()));
  try {
    const RotationLambdaARN = await deployFunction(account, {
      archive: archiveOf(PASSWORD_FUNCTION, true),
      environment: {},
      timeoutSeconds: 30,
    });
    const secret = { SecretId: 'token', RotationLambdaARN };
    createSecret({ Name: 'token', ClientRequestToken: randomUUID(), SecretString: '{}' }, account);
    const rotate = async (rules = {}) => {
      rotateSecret({ ...secret, ...rules, ClientRequestToken: randomUUID() }, account);
      await aws.rotationSettled('token');
    };
    if (refreshEveryMinutes === undefined) {
      await rotate({ RotationRules });
      await account.clock.advance({ days });
    } else {
      for (let minutes = 0; minutes < days * 1_440; minutes += refreshEveryMinutes) {
        await rotate();
        await account.clock.advance({ minutes: refreshEveryMinutes });
      }
    }
    return deadMs([...rotatedMs, account.clock.now().getTime()], lifetimeSeconds) / 3_600_000;
  } finally {
    await aws.close();
  }
}

/** From the end of each token until the last reader has its successor. */
function deadMs(rotatedMs: readonly number[], lifetimeSeconds: number): number {
  const livesMs = (lifetimeSeconds - READER_CACHE_SECONDS) * 1_000;
  const gaps = rotatedMs.slice(1).map((ms, index) => ms - (rotatedMs[index] ?? ms));
  return gaps.reduce((sum, gap) => sum + Math.max(0, gap - livesMs), 0);
}

/** The same random moments in every run. */
function momentInWindow(moments: Moments): () => number {
  let turn = 0;
  let seed = 42;
  return () => {
    turn += 1;
    if (moments === 'early, late') return turn % 2 === 0 ? 0 : 0.999;
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
}
