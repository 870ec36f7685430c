import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { jsonServer, type Serve } from '../lambda/rotation/contract/json-server.ts';
import { equivalentMutants } from './equivalent-mutants.ts';
import { type Mutant, mutantsOf } from './mutants-of.ts';
import { type CleanRequests, shortContract } from './short-contract.ts';

/** Of all mutants but the equivalent ones, in per cent. */
const LEAST_KILLED = 95;
const MOST_SECONDS = { unit: 30, contract: 90, protocol: 240 };
const MUTATED = 'lambda/rotation';
/** Tests of the protocol's parts, which need nothing but the part. */
const UNIT = [
  'check-schema',
  'deadline',
  'error-code',
  'last-stored',
  'proved-versions',
  'rotation-event',
  'rotation-handler',
  'scrubbed-console',
  'scrubber',
  'secret-document',
];
const COPIED = [
  'constructs',
  'lambda',
  'local',
  'rules',
  'testing',
  '__tests__/lambda',
  '__tests__/local',
  'package.json',
];

const project = fileURLToPath(new URL('../..', import.meta.url));
const vitest = path.join(project, 'node_modules/vitest/vitest.mjs');

/** How a mutant was found out; undefined if it was not. */
type Killer = 'unit' | 'contract' | 'protocol' | undefined;

/**
 * Changes the protocol in one place at a time, in a copy of the project, and sees whether its tests notice: those of the
 * part, then a short contract, then all tests of the protocol.
 */
async function runMutants(files: readonly string[]): Promise<void> {
  mkdirSync(path.join(project, 'dist'), { recursive: true });
  const copy = mkdtempSync(path.join(project, 'dist/mutants-'));
  const server = await jsonServer();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  process.once('exit', () => {
    if (running) killGroup(running);
    rmSync(copy, { recursive: true });
  });
  try {
    for (const each of COPIED) cpSync(path.join(project, each), path.join(copy, each), { recursive: true });
    const expected: CleanRequests = new Map();
    const killer = await killerIn(copy, undefined, server.serve, expected);
    if (killer !== undefined) throw new Error(`Without any mutant the tests of «${killer}» fail.`);

    const started = performance.now();
    const counts = { unit: 0, contract: 0, protocol: 0, equivalent: 0, survived: 0 };
    for (const file of files) {
      const source = readFileSync(path.join(copy, file), 'utf8');
      for (const mutant of mutantsOf(source)) {
        if (isEquivalent(file, mutant)) {
          counts.equivalent += 1;
          continue;
        }
        writeFileSync(path.join(copy, file), mutant.source);
        const found = await killerIn(copy, file, server.serve, expected);
        counts[found ?? 'survived'] += 1;
        if (found === undefined) console.log(`survived  ${file}:${mutant.line}  ${mutant.change}`);
      }
      writeFileSync(path.join(copy, file), source);
      console.log(`${file}  ${JSON.stringify(counts)}`);
    }
    report(counts, (performance.now() - started) / 1_000);
  } finally {
    server.close();
  }
}

async function killerIn(
  copy: string,
  file: string | undefined,
  serve: Serve,
  expected: CleanRequests,
): Promise<Killer> {
  const unit = UNIT.map((name) => `__tests__/lambda/rotation/${name}.test.ts`);
  const command = file === undefined ? ['run'] : ['related', '--run', file];
  if (!(await passes(copy, command, unit, MOST_SECONDS.unit))) return 'unit';
  if (!(await contractHolds(copy, serve, expected))) return 'contract';
  const protocol = ['__tests__/lambda/rotation/*.test.ts', '__tests__/lambda/password.test.ts'];
  return (await passes(copy, ['run'], protocol, MOST_SECONDS.protocol)) ? undefined : 'protocol';
}

/** Whether these tests pass in the copy, in a process that a mutant without end cannot hold up. */
async function passes(copy: string, command: readonly string[], include: readonly string[], seconds: number) {
  const test = { include, passWithNoTests: true, testTimeout: 20_000, bail: 1, maxWorkers: 4 };
  writeFileSync(path.join(copy, 'vitest.config.mjs'), `export default ${JSON.stringify({ test })};`);
  const child = spawn(process.execPath, [vitest, ...command, '--root', copy], {
    cwd: copy,
    stdio: 'ignore',
    detached: true,
  });
  running = child;
  const timer = setTimeout(() => killGroup(child), seconds * 1_000);
  const [status] = await once(child, 'exit');
  clearTimeout(timer);
  running = undefined;
  return status === 0;
}

/** The tests under way. */
let running: ChildProcess | undefined;

/** Ends the tests with all the processes that they started. */
function killGroup({ pid, exitCode }: ChildProcess): void {
  if (pid !== undefined && exitCode === null) process.kill(-pid, 'SIGKILL');
}

async function contractHolds(copy: string, serve: Serve, expected: CleanRequests): Promise<boolean> {
  const timer = new AbortController();
  const tooLate = sleep(MOST_SECONDS.contract * 1_000, false, { signal: timer.signal }).catch(() => false);
  const holds = shortContract(copy, serve, expected).then(
    () => true,
    () => false,
  );
  const result = await Promise.race([holds, tooLate]);
  timer.abort();
  return result;
}

function isEquivalent(file: string, { change }: Mutant): boolean {
  return equivalentMutants.some((each) => each.file === file && each.change === change);
}

function report(
  { equivalent, survived, ...killed }: Record<Exclude<Killer, undefined> | 'equivalent' | 'survived', number>,
  seconds: number,
) {
  const all = killed.unit + killed.contract + killed.protocol + survived;
  const percent = (100 * (all - survived)) / all;
  console.log(`
${cpus()[0]?.model}, ${availableParallelism()} cores, Node ${process.version}, ${seconds.toFixed(0)} s
${all} mutants of ${MUTATED}, and ${equivalent} that change nothing (equivalent-mutants.ts)
killed by tests of the part ${killed.unit}, by the short contract ${killed.contract}, by tests of the protocol ${killed.protocol}
survived ${survived}; killed ${percent.toFixed(1)} %, expected ${LEAST_KILLED} %`);
  if (percent < LEAST_KILLED) process.exitCode = 1;
}

const named = process.argv.slice(2);
const all = readdirSync(path.join(project, MUTATED)).map((name) => `${MUTATED}/${name}`);
runMutants(named.length > 0 ? named : all).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 2;
});
