import { expect, it } from 'vitest';
import type { Suite } from './suite.ts';
import { holds, succeeded } from './survives.ts';

/** A process that has done the steps before, and a new one. */
const KINDS = ['warm', 'cold'] as const;

/** Only what was proved becomes current. */
export function promotionContract(suite: Suite): void {
  it.for(KINDS)('never promotes a value that was not set, in a %s process', async (kind) => {
    const { lab } = suite;
    const trial = await lab.trial();
    const token = trial.pendingVersion();
    succeeded(await trial.invoke(token, ['createSecret']), 'createSecret');
    if (kind === 'cold') await lab.kill();
    await trial.invoke(token, ['finishSecret']);
    holds(await trial.promotedInVain(token));
    holds(await trial.brokenPromise());
    succeeded(await trial.invoke(token), 'the whole rotation, after only finishSecret,');
    holds(await trial.unfinished(token));
  });

  it.for(KINDS)(
    'never promotes a value that the target has since rejected, in a %s process',
    async (kind, { skip }) => {
      const { lab } = suite;
      const trial = await lab.trial();
      if (!trial.canRevoke) return skip(suite.missing('revoke()'));
      const token = trial.pendingVersion();
      for (const step of ['createSecret', 'setSecret'] as const) succeeded(await trial.invoke(token, [step]), step);
      await trial.revoke(token);
      if (kind === 'cold') await lab.kill();
      for (const step of ['testSecret', 'finishSecret'] as const) await trial.invoke(token, [step]);
      expect(trial.holder('AWSCURRENT'), 'the version that is AWSCURRENT').not.toBe(token);
    },
  );
}
