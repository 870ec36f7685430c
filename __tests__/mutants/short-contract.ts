import { deepEqual, equal, match } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { buildArchive } from '../../testing/archive-of.ts';
import { inLabs } from '../../testing/in-labs.ts';
import { StrategyLab } from '../../testing/strategy-lab.ts';
import type { StrategyUnderTest } from '../../testing/strategy-under-test.ts';
import { holds, succeeded, survives } from '../../testing/survives.ts';
import { STEPS, type Trial } from '../../testing/trial.ts';
import type { FunctionRequest, Trouble } from '../../testing/trouble.ts';
import { tryAll } from '../../testing/try-all.ts';
import type { Serve } from '../lambda/rotation/contract/json-server.ts';
import { UserDatabase } from '../lambda/rotation/contract/user-database.ts';

const LABS = 2;
const READS = ['DescribeSecret', 'GetSecretValue', 'ListSecretVersionIds'];
const privileges = ['SELECT'];

/** The strategies that are tried, each with the folder of the sources in place of the project's. */
function strategies(root: string, serve: Serve): readonly StrategyUnderTest[] {
  const throwaway = (name: string) => path.join(root, `__tests__/lambda/rotation/contract/strategies/${name}.ts`);
  const database: StrategyUnderTest['target'] = async (statement) => {
    const made = new UserDatabase(statement);
    const password = 'the first password';
    made.users.set('app', { password, privileges });
    const url = serve((request) => made.answer(request));
    return {
      secretString: JSON.stringify({ url, username: 'app', password }),
      accepts: async (secretString) => made.serves(JSON.parse(secretString), privileges),
      refused: () => made.refusedLogins,
      state: () => made.users,
      refuseNext: () => made.refuseNext(),
    };
  };
  return [
    {
      entry: path.join(root, 'lambda/password.ts'),
      trim: true,
      promise: 'overlap',
      target: async () => ({
        secretString: '{"username":"app","password":"the first password"}',
        accepts: async (secretString) => JSON.parse(secretString).password !== '',
      }),
    },
    { entry: throwaway('single-user'), promise: 'window', canRefuse: true, target: database },
  ];
}

/** The requests of each strategy's clean rotation, as they are without a mutant. */
export type CleanRequests = Map<number, readonly FunctionRequest[]>;

/**
 * The contract in a few seconds: every kind of trouble, each place once.
 * @param expected is filled by the first run, and holds for the others
 * @throws Error what did not hold
 */
export async function shortContract(root: string, serve: Serve, expected: CleanRequests): Promise<void> {
  for (const [index, strategy] of strategies(root, serve).entries()) {
    const archive = buildArchive(strategy.entry, strategy.trim);
    const open = () => StrategyLab.open(strategy, { timeoutSeconds: 5, archive, ownProcesses: true });
    const labs = await Promise.all(Array.from({ length: LABS }, open));
    try {
      await oneStrategy(strategy, labs, index, expected);
    } finally {
      await Promise.all(labs.map((lab) => lab.close()));
    }
  }
}

async function oneStrategy(
  strategy: StrategyUnderTest,
  labs: readonly StrategyLab[],
  index: number,
  expected: CleanRequests,
): Promise<void> {
  const [lab] = labs;
  if (lab === undefined) return;
  const trial = await lab.trial();
  await survives(trial);
  const clean = await lab.requests(() => survives(trial));
  if (!expected.has(index)) expected.set(index, clean);
  deepEqual(clean, expected.get(index));
  equal(trial.refusedCredentials, 0);

  // What takes longest goes first, so that both labs end together.
  const cases = [emptyVersion, twoAtOnce, stepByStep, onlyTested, byName, notPending, unknownVersion, cancelled];
  await inLabs(labs, cases, async (itsLab, check) => check(await itsLab.trial()));
  if (strategy.canRefuse) await refused(lab);

  // After one request is before the next.
  const kills = clean.map((request): Trouble => ({ ...request, kind: 'kill-after' }));
  const reads = clean.filter(({ name }) => READS.includes(name));
  const stale = reads.map((read, at): Trouble => ({ ...read, nth: at + 1, kind: 'stale' }));
  const writes = clean.filter(({ name }) => ['PutSecretValue', 'UpdateSecretVersionStage'].includes(name));
  const lost = writes.map((write): Trouble => ({ ...write, kind: 'fail-after' }));
  const alone = (troubles: readonly Trouble[]) => troubles.map((trouble) => [trouble]);
  const tally = { what: 'mutant', tried: 0, survived: 0, refusedUntilRetry: 0 };
  await tryAll(labs, tally, alone([...kills, ...stale, ...lost]), survives);
  await tryAll(labs, tally, alone(kills), async (each) => {
    await each.rotate();
    each.abandon('remove-pending');
    holds(await each.brokenPromise());
    await survives(each);
  });
}

async function stepByStep(trial: Trial): Promise<void> {
  const before = trial.holder('AWSCURRENT');
  const token = trial.pendingVersion();
  for (const steps of [...STEPS.map((step) => [step]), STEPS]) {
    succeeded(await trial.invoke(token, steps), String(steps));
    const after = trial.everything;
    succeeded(await trial.invoke(token, steps), String(steps));
    deepEqual(trial.everything, after);
    equal(trial.holder('AWSCURRENT'), steps.includes('finishSecret') ? token : before);
  }
  holds(await trial.unfinished(token));
}

async function twoAtOnce(trial: Trial): Promise<void> {
  const token = trial.pendingVersion();
  for (const step of STEPS) {
    const failures = await Promise.all([trial.invoke(token, [step]), trial.invoke(token, [step])]);
    for (const failure of failures) succeeded(failure, step);
    holds(await trial.brokenPromise());
  }
  holds(await trial.unfinished(token));
}

async function onlyTested(trial: Trial): Promise<void> {
  await survives(trial);
  const before = trial.everything;
  succeeded((await trial.rotate({ immediately: false })).failure, 'testSecret');
  deepEqual(trial.everything, before);
}

async function emptyVersion(trial: Trial): Promise<void> {
  const token = trial.pendingVersion();
  const before = trial.everything;
  match((await trial.invoke(token, ['finishSecret']))?.errorMessage ?? '', /has no value. createSecret has to run/);
  deepEqual(trial.everything, before);
}

async function byName(trial: Trial): Promise<void> {
  const token = trial.pendingVersion();
  succeeded(await trial.invoke(token, STEPS, trial.name), 'by name');
  holds(await trial.unfinished(token));
}

async function notPending(trial: Trial): Promise<void> {
  const token = trial.pendingVersion();
  succeeded(await trial.invoke(token, ['createSecret']), 'createSecret');
  trial.abandon('remove-pending');
  // Once in vain: the process that stored the value does not ask for its labels.
  await trial.invoke(token, ['testSecret']);
  for (const step of STEPS.filter((each) => each !== 'setSecret')) {
    match((await trial.invoke(token, [step]))?.errorMessage ?? '', /is not AWSPENDING/);
  }
}

async function unknownVersion(trial: Trial): Promise<void> {
  trial.pendingVersion();
  for (const step of STEPS.filter((each) => each !== 'setSecret')) {
    match((await trial.invoke(randomUUID(), [step]))?.errorMessage ?? '', /has no version/);
  }
}

async function cancelled(trial: Trial): Promise<void> {
  const token = trial.pendingVersion();
  trial.abandon('cancel');
  match((await trial.invoke(token, ['createSecret']))?.errorMessage ?? '', /has no rotation/);
}

async function refused(lab: StrategyLab): Promise<void> {
  const trial = await lab.trial();
  trial.refuseNext();
  match((await trial.rotate()).failure?.errorMessage ?? '', /422/);
  equal(lab.hasSaid('"errorCode":"POLICY"'), true);
  equal(trial.isIncomplete, false);
  holds(await trial.brokenPromise());
  match((await trial.retry()).failure?.errorMessage ?? '', /is not AWSPENDING/);
  await survives(trial);
}
