import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { jsonServer, type Serve } from '../lambda/rotation/contract/json-server.ts';
import { equivalentMutants } from './equivalent-mutants.ts';
import type { Counts } from './mutant-counts.ts';
import { type Mutant, mutantsOf } from './mutants-of.ts';
import { type MutatedFolder, mutatedFolders, switchedFolders } from './mutated-folders.ts';
import { runSwitched } from './run-switched.ts';
import { type CleanRequests, shortContract } from './short-contract.ts';

/** Of all mutants but the equivalent ones, in per cent. */
const LEAST_KILLED = 95;
const CONTRACT_SECONDS = 90;

const project = fileURLToPath(new URL('../..', import.meta.url));
const vitest = path.join(project, 'node_modules/vitest/vitest.mjs');

/** What found a mutant out; undefined if nothing did. */
type Killer = string | undefined;

const CONTRACT = 'the short contract';

/**
 * Changes a folder in one place at a time, in a copy of the project, and sees whether its tests notice: stage by stage, with a
 * short contract after the first one if the folder has a contract.
 * @param files those of the folder that are changed
 */
async function runMutants(mutated: MutatedFolder, files: readonly string[]): Promise<void> {
  mkdirSync(path.join(project, 'dist'), { recursive: true });
  const copy = mkdtempSync(path.join(project, 'dist/mutants-'));
  const remove = () => {
    if (running) killGroup(running);
    rmSync(copy, { recursive: true, force: true });
  };
  process.once('exit', remove);
  const server = await jsonServer();
  try {
    for (const each of mutated.copied) cpSync(path.join(project, each), path.join(copy, each), { recursive: true });
    const expected: CleanRequests = new Map();
    const find = (file?: string) => killerIn(copy, mutated, file, server.serve, expected);
    const killer = await find();
    if (killer !== undefined) throw new Error(`Without any mutant the tests of «${killer}» fail.`);

    const started = performance.now();
    const counts: Counts = { killed: new Map(), equivalent: 0, survived: 0 };
    for (const file of files) {
      const source = readFileSync(path.join(copy, file), 'utf8');
      for (const mutant of mutantsOf(source)) {
        if (isEquivalent(file, mutant)) {
          counts.equivalent += 1;
          continue;
        }
        writeFileSync(path.join(copy, file), mutant.source);
        const found = await find(file);
        if (found === undefined) counts.survived += 1;
        else counts.killed.set(found, (counts.killed.get(found) ?? 0) + 1);
        if (found === undefined) console.log(`survived  ${file}:${mutant.line}  ${mutant.change}`);
      }
      writeFileSync(path.join(copy, file), source);
      console.log(`${file}  killed ${sum(counts.killed)}, survived ${counts.survived}`);
    }
    report(mutated.folder, counts, (performance.now() - started) / 1_000);
  } finally {
    server.close();
    process.off('exit', remove);
    remove();
  }
}

async function killerIn(
  copy: string,
  { stages, hasContract }: MutatedFolder,
  file: string | undefined,
  serve: Serve,
  expected: CleanRequests,
): Promise<Killer> {
  for (const [index, stage] of stages.entries()) {
    const command = stage.onlyRelated && file !== undefined ? ['related', '--run', file] : ['run'];
    if (!(await passes(copy, command, stage.include, stage.mostSeconds))) return stage.name;
    if (index === 0 && hasContract && !(await contractHolds(copy, serve, expected))) return CONTRACT;
  }
  return undefined;
}

/** Whether these tests pass in the copy, in a process that a mutant without end cannot hold up. */
async function passes(copy: string, command: readonly string[], include: readonly string[], seconds: number) {
  const test = { include, passWithNoTests: true, testTimeout: 20_000, bail: 1, isolate: false, maxWorkers: 4 };
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
  const tooLate = sleep(CONTRACT_SECONDS * 1_000, false, { signal: timer.signal }).catch(() => false);
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

const sum = (killed: ReadonlyMap<string, number>) => [...killed.values()].reduce((total, count) => total + count, 0);

function report(folder: string, { killed, equivalent, survived }: Counts, seconds: number): void {
  const all = sum(killed) + survived;
  const percent = (100 * (all - survived)) / all;
  const byWhat = [...killed].map(([what, count]) => `by ${what} ${count}`).join(', ');
  console.log(`
${cpus()[0]?.model}, ${availableParallelism()} cores, Node ${process.version}, ${seconds.toFixed(0)} s
${all} mutants of ${folder}, and ${equivalent} that change nothing (equivalent-mutants.ts)
killed ${byWhat}
survived ${survived}; killed ${percent.toFixed(1)} %, expected ${LEAST_KILLED} %`);
  if (percent < LEAST_KILLED) process.exitCode = 1;
}

/** Those of the folder that are named, or all. */
function filesOf(folder: string, named: readonly string[]): string[] {
  const all = readdirSync(path.join(project, folder)).filter((name) => name.endsWith('.ts'));
  return all
    .map((name) => `${folder}/${name}`)
    .filter((file) => named.length === 0 || named.includes(folder) || named.includes(file));
}

/** `npm run test:mutants -- [FOLDER | FILE …]`: everything, unless something is named. */
async function main(named: readonly string[]): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  for (const mutated of mutatedFolders) {
    const files = filesOf(mutated.folder, named);
    if (files.length > 0) await runMutants(mutated, files);
  }
  for (const { folder, tests } of switchedFolders) {
    const files = filesOf(folder, named);
    if (files.length === 0) continue;
    const started = performance.now();
    const counts = await runSwitched(files, tests);
    report(folder, counts, (performance.now() - started) / 1_000);
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 2;
});
