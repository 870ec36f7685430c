import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { checkContract } from './check-contract.ts';
import { inLabs } from './in-labs.ts';
import { isPairStill, pairsOfCrashes } from './pairs-of-crashes.ts';
import { about } from './progress.ts';
import { promotionContract } from './promotion-contract.ts';
import { READS } from './reads.ts';
import { requestsOf } from './requests-of.ts';
import { StrategyLab } from './strategy-lab.ts';
import type { StrategyUnderTest } from './strategy-under-test.ts';
import type { Suite } from './suite.ts';
import { holds, succeeded, survives } from './survives.ts';
import { type Tally, tallyTable } from './tally.ts';
import { targetContract } from './target-contract.ts';
import { STEPS, type Trial } from './trial.ts';
import { crashesAt, type FunctionRequest, killsAt, type Trouble } from './trouble.ts';
import { type Point, saidNothing, tryAll } from './try-all.ts';

/** Long enough for all pairs of a strategy with many calls. */
const TIMEOUT_MS = 3_600_000;
/** Long enough to build a function on a machine that is busy. */
const HOOK_TIMEOUT_MS = 60_000;
/** How many secrets are tried at a time, and how many whose function only waits for an answer that never comes. */
const LABS = 3;
const HANGING_LABS = 8;
const HISTORIES = { all: 30, sample: 12, quick: 3 };
/** How many points of each kind a quick run tries. */
const FEW = 6;
/** What a point takes: the rotation that goes wrong, and those after it. */
const ROTATIONS = 2;
/** What a request takes that hangs until the function's own deadline, and the next attempt. */
const HANG_MS = 3_000;

/**
 * The contract that every strategy passes: whatever goes wrong, and how often, the next attempt with which nothing goes
 * wrong leaves a current version that works, and no value is ever lost. Where it may go wrong is recorded from a clean
 * run, never listed by hand; a trouble that was planned and did not come fails the suite. To be called in a test file of
 * vitest.
 *
 * `ROTAFORM_SEED` repeats a random part that failed. `ROTAFORM_QUICK=1` tries a few points of each kind, for development;
 * `ROTAFORM_EXHAUSTIVE=1` tries all pairs of crashes, not a sample; a larger number tries that many of each strategy's. `ROTAFORM_PROGRESS=1` says
 * each point.
 * @param name what is tested, for the titles and the table that is printed
 * @example
 * describeStrategy('api key', { entry: 'rotation/api-key.ts', promise: 'overlap', target: async () => … });
 */
export function describeStrategy(name: string, strategy: StrategyUnderTest): void {
  describe(`${name}, by the contract of strategies`, { timeout: TIMEOUT_MS }, () => {
    const most = Number(process.env.ROTAFORM_EXHAUSTIVE ?? 0);
    const isQuick = process.env.ROTAFORM_QUICK !== undefined && most === 0;
    const pairs = most === 1 ? 'all' : most > 1 ? most : isQuick ? FEW : (strategy.pairs ?? 'all');
    const seed = Number(process.env.ROTAFORM_SEED ?? Date.now() % 2 ** 31);
    const tallies: Tally[] = [];
    const missing = new Set<string>();
    let labs: readonly StrategyLab[] = [];
    let lab: StrategyLab;
    const suite: Suite = {
      get lab() {
        return lab;
      },
      get labs() {
        return labs;
      },
      cleanRequests: () => cleanRequests(lab),
      counted,
      missing(what) {
        missing.add(what);
        return `The target has no ${what}.`;
      },
      few: (points) => (isQuick ? sampleOf(points, FEW, seed) : points),
    };
    const { few } = suite;

    beforeAll(async () => {
      lab = await StrategyLab.open(strategy);
      const others = Array.from({ length: LABS - 1 }, () => StrategyLab.open(strategy));
      labs = [lab, ...(await Promise.all(others))];
    }, HOOK_TIMEOUT_MS);
    afterEach(() => {
      for (const each of labs) each.clear();
      for (const each of labs) saidNothing(each);
    });
    afterAll(async () => {
      await Promise.all(labs.map((each) => each.close()));
      console.info(`\n${tallyTable(`${name} (seed ${seed})`, tallies, [...missing])}\n`);
    }, HOOK_TIMEOUT_MS);

    it('rotates, and rotates again, without a refused credential', async () => {
      const trial = await lab.trial();
      const startedAt = Date.now();
      await survives(trial);
      await survives(trial);
      foretell((Date.now() - startedAt) / 2, (await cleanRequests(lab)).length);
      expect(trial.refusedCredentials, 'credentials that the target refused').toBe(0);
    });

    it('moves AWSCURRENT in finishSecret, and in no step before', async () => {
      const trial = await lab.trial();
      const before = trial.holder('AWSCURRENT');
      const token = trial.pendingVersion();
      for (const step of STEPS) {
        succeeded(await trial.invoke(token, [step]), step);
        const expected = step === 'finishSecret' ? token : before;
        expect(trial.holder('AWSCURRENT'), `the version that is AWSCURRENT after ${step}`).toBe(expected);
        holds(await trial.brokenPromise());
      }
      holds(await trial.unfinished(token));
    });

    it('survives a crash before and after every call and every statement', async () => {
      const requests = await cleanRequests(lab);
      const calls = requests.filter(({ to }) => to === 'Secrets Manager').flatMap(crashesAt);
      const statements = requests.filter(({ to }) => to === 'the target').flatMap(crashesAt);
      await tryAll(labs, counted('crash at a call'), few(alone(calls)), survives);
      if (statements.length > 0) await tryAll(labs, counted('crash at a statement'), few(alone(statements)), survives);
    });

    it('survives every two crashes', async () => {
      const firsts = (await cleanRequests(lab)).flatMap(killsAt);
      const points =
        pairs === 'all'
          ? await pairsOfCrashes(labs, firsts)
          : sampleOf(await pairsOfCrashes(labs, sampleOf(firsts, pairs, seed)), pairs, seed);
      const counter = counted(pairs === 'all' ? 'two crashes' : 'two crashes, a sample');
      await tryAll(labs, counter, points, survives, isPairStill);
    });

    it('recovers from a rotation that failed anywhere and was abandoned', async () => {
      const points = (await cleanRequests(lab)).flatMap(killsAt);
      await tryAll(labs, counted('given up after a crash'), few(alone(points)), async (trial, [crash]) => {
        await trial.rotate();
        // After one request is before the next: each moment is given up in both ways.
        trial.abandon(crash?.kind === 'kill-before' ? 'cancel' : 'remove-pending');
        holds(await trial.brokenPromise());
        await survives(trial);
      });
    });

    it('continues if any call is throttled', async () => {
      const points = (await cleanCalls(lab)).map((call): Trouble => ({ ...call, kind: 'throttle', attempts: 1 }));
      await tryAll(labs, counted('throttled call'), few(alone(points)), (trial) => survives(trial));
    });

    it('survives stale reads, whenever they begin, for a while', async () => {
      const reads = (await cleanCalls(lab)).filter((call) => READS.includes(call.name));
      const points = reads.flatMap((read, index) =>
        [1, 2, 3].map((times): Trouble => ({ ...read, nth: index + 1, kind: 'stale', times })),
      );
      await tryAll(labs, counted('reads that lag behind'), few(alone(points)), survives);
    });

    it('does each step once, however often it is invoked', async () => {
      const trial = await lab.trial();
      const token = trial.pendingVersion();
      for (const steps of [...STEPS.map((step) => [step]), STEPS]) {
        succeeded(await trial.invoke(token, steps), steps.join(', '));
        const before = trial.everything;
        succeeded(await trial.invoke(token, steps), `${steps.join(', ')}, invoked again,`);
        expectUnchanged(trial, before, `${steps.join(', ')} was invoked again`);
        holds(await trial.brokenPromise());
      }
      holds(await trial.unfinished(token));
    });

    it('survives two invocations of a step at once', async () => {
      const trial = await lab.trial();
      const token = trial.pendingVersion();
      for (const step of STEPS) {
        await Promise.all([trial.invoke(token, [step]), trial.invoke(token, [step])]);
        succeeded(await trial.invoke(token, [step]), `${step}, after two at once,`);
        holds(await trial.brokenPromise());
      }
      holds(await trial.unfinished(token));
    });

    it('changes nothing if Secrets Manager only tests it', async () => {
      const trial = await lab.trial();
      await survives(trial);
      const before = trial.everything;
      const { failure } = await trial.rotate({ immediately: false });
      succeeded(failure, 'testSecret on the current value');
      expectUnchanged(trial, before, 'testSecret');
    });

    it('never promotes a version without a value', async () => {
      const trial = await lab.trial();
      await survives(trial);
      const token = trial.pendingVersion();
      const before = trial.everything;
      const failure = await trial.invoke(token, ['finishSecret']);
      expect(failure, 'the failure of finishSecret for an empty version').toBeDefined();
      expectUnchanged(trial, before, 'finishSecret for an empty version');
    });

    it('accepts the name of a secret instead of its ARN', async () => {
      const trial = await lab.trial();
      const token = trial.pendingVersion();
      succeeded(await trial.invoke(token, STEPS, trial.name), 'the rotation by name');
      holds(await trial.unfinished(token));
    });

    if (strategy.canRefuse) {
      it('makes another value after one that the target rejects permanently', async () => {
        let trial = await lab.trial();
        const refused = await requestsOf(lab, async (each) => {
          trial = each;
          trial.refuseNext();
          const { failure } = await trial.rotate();
          expect(failure, 'the attempt with a value that the target refuses').toBeDefined();
        });
        expect(lab.hasSaid('"errorCode":"POLICY"'), 'the log line has POLICY').toBe(true);
        expect(trial.isIncomplete, 'AWSPENDING stays on the refused version').toBe(false);
        holds(await trial.brokenPromise());
        const before = trial.everything;
        expect((await trial.retry()).failure, 'the next attempt with the refused value').toBeDefined();
        expectUnchanged(trial, before, 'the next attempt with the refused value');
        await survives(trial);

        const points = refused.flatMap(killsAt);
        await tryAll(labs, counted('crash on the way to a refusal'), few(alone(points)), async (trial, [crash]) => {
          trial.refuseNext();
          await trial.rotate();
          for (const _ of ['the crash', 'the refusal']) {
            holds(await trial.brokenPromise());
            if (trial.isIncomplete) await trial.retry();
          }
          expect(trial.isIncomplete, `AWSPENDING stays on the refused version after ${crash?.kind}`).toBe(false);
          await survives(trial);
        });
      });
    }

    const { foreign } = strategy;
    if (foreign !== undefined) {
      it('sends no other secret to an address from the rotated one, and changes no other user', async () => {
        const first = (await lab.trial()).current ?? '';
        const kinds = (await foreign(first)).map(({ name }) => name);
        if (kinds.length === 0) throw new Error('foreign gave nothing to try');
        for (const kind of kinds) {
          for (const place of ['AWSCURRENT', 'AWSPENDING']) {
            const trial = await lab.trial();
            const target = (await foreign(trial.current ?? '')).find(({ name }) => name === kind);
            if (target === undefined) throw new Error(`foreign gave ${kind} for one target, and not for the next`);
            if (place === 'AWSCURRENT') {
              trial.store(target.secretString);
              await trial.rotate();
            } else {
              const token = trial.pendingVersion();
              trial.store(target.secretString, token);
              for (const step of STEPS) await trial.invoke(token, [step]);
            }
            if (lab.hasHeardOthers(target.heard?.() ?? ''))
              throw new Error(`${kind} was sent the value of another secret, as ${place} says`);
            if (await target.isChanged?.()) throw new Error(`${kind} was changed, as ${place} says`);
          }
        }
      });
    } else if (strategy.secrets !== undefined) {
      suite.missing('foreign');
    }

    it('says why, before its timeout, if any request hangs', async () => {
      const points = (await cleanRequests(lab)).map((each): Trouble => ({ ...each, kind: 'delay', delayMs: 60_000 }));
      const opening = Array.from({ length: HANGING_LABS }, () => StrategyLab.open(strategy, { timeoutSeconds: 3 }));
      const hanging = await Promise.all(opening);
      try {
        await tryAll(hanging, counted('request that hangs'), few(alone(points)), async (trial, _point, itsLab) => {
          const { token, failure } = await trial.rotate();
          expect(failure?.errorMessage, 'the reason').toMatch(/had not answered when/);
          holds(await trial.brokenPromise());
          itsLab.clear();
          itsLab.giveTime(trial);
          succeeded((await trial.retry()).failure, 'the next attempt');
          holds(await trial.unfinished(token));
        });
      } finally {
        await Promise.all(hanging.map((each) => each.close()));
      }
    });

    it('survives whatever Secrets Manager, crashes and operators do, in any order', async () => {
      const counter = counted('random history');
      const crash = fc.constantFrom(...(await cleanRequests(lab)).flatMap(crashesAt));
      const event = fc.oneof(crash, fc.constantFrom('rotate', 'retry', 'cancel', 'remove-pending'));
      const history = fc.array(event, { minLength: 1, maxLength: 6 });
      const survivesHistories = (itsLab: StrategyLab) =>
        fc.asyncProperty(history, async (events) => {
          itsLab.clear();
          const trial = await itsLab.trial();
          counter.tried += 1;
          for (const each of events) {
            if (typeof each === 'object') itsLab.add(each);
            if (each === 'retry' && trial.willRetry) await trial.retry();
            if (each === 'cancel' || each === 'remove-pending') trial.abandon(each);
            if ((typeof each === 'object' || each === 'rotate') && !trial.isIncomplete) await trial.rotate();
            holds(await trial.brokenPromise());
          }
          itsLab.clear();
          if (trial.isIncomplete) trial.abandon('cancel');
          await survives(trial);
          counter.survived += 1;
          if (trial.refusals > 0) counter.refusedUntilRetry += 1;
        });
      await inLabs(labs, [...labs.keys()], (itsLab, part) =>
        fc.assert(survivesHistories(itsLab), {
          seed: seed + part,
          includeErrorInReport: true,
          numRuns: HISTORIES[isQuick ? 'quick' : pairs === 'all' || most > 1 ? 'all' : 'sample'] / LABS,
        }),
      );
    });

    promotionContract(suite);
    targetContract(suite);
    checkContract(suite, strategy);

    /** Says beforehand about how long it takes. */
    function foretell(rotationMs: number, requests: number): void {
      const few = (points: number) => (isQuick ? Math.min(points, FEW) : points);
      const kills = 2 * requests;
      const twoCrashes = pairs === 'all' ? kills * kills : Math.min(pairs, kills * kills);
      const points = few(3 * kills) + twoCrashes + few(kills) + few(requests) + few(3 * requests);
      const hangs = (few(requests) / HANGING_LABS) * HANG_MS;
      const shorter = isQuick ? '' : ' ROTAFORM_QUICK=1 tries a few points of each kind, while you write it.';
      console.info(
        `The contract of "${name}" tries about ${points} points, which takes ${about((points * ROTATIONS * rotationMs) / LABS + hangs)}.${shorter}`,
      );
    }

    function counted(what: string): Tally {
      const tally: Tally = { what, tried: 0, survived: 0, refusedUntilRetry: 0 };
      tallies.push(tally);
      return tally;
    }
  });
}

const alone = (troubles: readonly Trouble[]): Point[] => troubles.map((trouble) => [trouble]);

/** The function's requests in a rotation without trouble. */
async function cleanRequests(lab: StrategyLab): Promise<readonly FunctionRequest[]> {
  try {
    return await requestsOf(lab, survives);
  } catch (error) {
    throw new Error(`a rotation without trouble: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}

async function cleanCalls(lab: StrategyLab): Promise<readonly FunctionRequest[]> {
  return (await cleanRequests(lab)).filter(({ to }) => to === 'Secrets Manager');
}

function expectUnchanged(trial: Trial, before: unknown, what: string): void {
  expect(trial.everything, `labels, values and the target after ${what}`).toEqual(before);
}

function sampleOf<Item>(items: readonly Item[], most: number, seed: number): Item[] {
  const size = Math.min(most, items.length);
  const subset = fc.shuffledSubarray([...items], { minLength: size, maxLength: size });
  return fc.sample(subset, { seed, numRuns: 1 })[0] ?? [];
}
