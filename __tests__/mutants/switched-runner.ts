import { appendFileSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import type { RunnerTestCase, RunnerTestSuite as Suite } from 'vitest';
import { VitestTestRunner } from 'vitest/runners';
import { getFn, getHooks } from 'vitest/suite';
import { mutantSwitch } from './mutant-switch.ts';

type Mutants = ReturnType<typeof mutantSwitch>;
type Hook = (...given: unknown[]) => unknown;
/** vitest does not say that it has these. */
type Test = RunnerTestCase & { onFinished?: Hook[] };

/** What `run-switched.ts` hands to this process. */
const { ROTAFORM_MUTANTS_JOURNAL: journal = '', ROTAFORM_MUTANTS_ENDED: ended = '' } = process.env;

/** One line of the journal: a mutant that is tried, or what has found it out. */
export interface JournalLine {
  readonly mutant: number;
  readonly test: string;
  readonly isKilled?: true;
  /** Why the test tells nothing of any mutant. */
  readonly unfit?: string;
  /** The last line of a test file. */
  readonly isDone?: true;
}

const note = (line: JournalLine) => appendFileSync(journal, `${JSON.stringify(line)}\n`);
const shared = globalThis as { rotaformMutants?: Mutants; rotaformEnded?: Set<number> };
shared.rotaformMutants ??= mutantSwitch();
shared.rotaformEnded ??= new Set(ended.split(',').map(Number));
const { rotaformMutants: mutants, rotaformEnded: endedMutants } = shared;

/**
 * Runs each test without a mutant, then with each mutant that this reached and that no test before has found out. All in one
 * process: so a mutant costs one test, not one process.
 */
export default class SwitchedRunner extends VitestTestRunner {
  async runTask(test: Test): Promise<void> {
    const name = test.name;
    mutants.reached.clear();
    const first = await trial(test, 0, 60_000);
    const reached = [...mutants.reached].filter((id) => !endedMutants.has(id));
    if (reached.length === 0 && first.error === undefined) return;
    await between(test);
    // A test that fails when it runs again would find out every mutant.
    const second = first.error === undefined ? await trial(test, 0, 60_000) : first;
    if (second.error !== undefined) note({ mutant: 0, test: name, unfit: second.error });
    const longest = Math.max(first.milliseconds, second.milliseconds);
    for (const mutant of second.error === undefined ? reached : []) {
      await between(test);
      note({ mutant, test: name });
      const { error } = await trial(test, mutant, longest * 3 + 3_000);
      if (error === undefined) continue;
      endedMutants.add(mutant);
      note({ mutant, test: name, isKilled: true });
    }
    mutants.turnOn(0);
    await cleanUp();
  }

  override onAfterRunFiles(): void {
    super.onAfterRunFiles();
    note({ mutant: 0, test: '', isDone: true });
  }
}

async function trial(test: Test, mutant: number, mostMilliseconds: number) {
  const started = performance.now();
  mutants.turnOn(mutant);
  let unhandled: unknown;
  const onUnhandled = (error: unknown) => {
    unhandled = error ?? 'a rejection that nobody handled';
  };
  process.on('unhandledRejection', onUnhandled);
  process.on('uncaughtException', onUnhandled);
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('too long')), mostMilliseconds);
  });
  try {
    await Promise.race([(getFn(test) as Hook)(), tooLong]);
    await callAll(test.onFinished, test);
    await turn();
    if (unhandled !== undefined) throw unhandled;
    return { milliseconds: performance.now() - started };
  } catch (error) {
    await callAll(test.onFinished, test).catch(() => {});
    return { milliseconds: performance.now() - started, error: String(error) };
  } finally {
    clearTimeout(timer);
    process.off('unhandledRejection', onUnhandled);
    process.off('uncaughtException', onUnhandled);
  }
}

/** What each `beforeEach` of the last trial returned: its own `afterEach`. */
let cleanups: Hook[] = [];

/** What vitest does after a test and before the next one. */
async function between(test: Test): Promise<void> {
  mutants.turnOn(0);
  await cleanUp();
  const suites: Suite[] = [];
  for (let suite: Suite | undefined = test.suite ?? test.file; suite; suite = suite.suite ?? undefined)
    suites.push(suite);
  for (const suite of suites) await callAll(getHooks(suite).afterEach, test);
  for (const suite of suites.reverse()) {
    const returned = await callAll(getHooks(suite).beforeEach, test);
    cleanups.push(...returned.filter((each): each is Hook => typeof each === 'function'));
  }
}

async function cleanUp(): Promise<void> {
  const last = cleanups.reverse();
  cleanups = [];
  for (const cleanup of last) await cleanup();
}

async function callAll(hooks: readonly unknown[] | undefined, test: Test): Promise<unknown[]> {
  const returned: unknown[] = [];
  for (const hook of [...(hooks ?? [])].reverse()) returned.push(await (hook as Hook)(test.context, test.suite));
  if (hooks === test.onFinished) test.onFinished = [];
  return returned;
}
