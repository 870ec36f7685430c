import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { setInterval as every } from 'node:timers/promises';
import { equivalentMutants } from './equivalent-mutants.ts';
import type { Counts } from './mutant-counts.ts';
import { type NumberedEdit, numberedEdits, project } from './numbered-edits.ts';
import type { JournalLine } from './switched-runner.ts';

/** So long a trial may say nothing; a mutant that stops the process is found out by that. */
const LONGEST_SILENCE_MS = 120_000;

/** Tests wait more than they work. */
const LANES = availableParallelism() + 1;

/**
 * Changes files in one place at a time, and sees whether these tests notice. Each test runs once for each mutant that it reaches,
 * in one process for a test file: so a mutant costs one test, and nothing starts for it.
 */
export async function runSwitched(files: readonly string[], tests: readonly string[]): Promise<Counts> {
  const lanes = lanesOf(files);
  const counts: Counts = { killed: new Map(), equivalent: 0, survived: 0 };
  await Promise.all(lanes.map((lane) => runLane(lane, tests, counts)));
  return counts;
}

/** The files in groups of about as many mutants. */
function lanesOf(files: readonly string[]): string[][] {
  const sized = files.map((file) => ({ file, size: numberedEdits([file]).length })).filter(({ size }) => size > 0);
  const lanes = Array.from({ length: Math.min(LANES, sized.length) }, () => ({ files: [] as string[], size: 0 }));
  for (const { file, size } of sized.sort((a, b) => b.size - a.size)) {
    const [lane] = lanes.sort((a, b) => a.size - b.size);
    lane?.files.push(file);
    if (lane) lane.size += size;
  }
  return lanes.map((lane) => lane.files);
}

async function runLane(files: readonly string[], tests: readonly string[], counts: Counts): Promise<void> {
  const edits = numberedEdits(files);
  const ended = new Set(edits.filter(isEquivalent).map(({ id }) => id));
  counts.equivalent += ended.size;
  const reached = new Set<number>();
  const kill = (id: number, test: string) => {
    ended.add(id);
    counts.killed.set(test, (counts.killed.get(test) ?? 0) + 1);
  };
  for (const test of tests) {
    // A process that ended, or said nothing any more, is one that a mutant ended.
    for (let isDone = false; !isDone && ended.size < edits.length; ) {
      const lines = await journalOf(files, test, [...ended]);
      for (const line of lines) {
        if (line.unfit) console.log(`of no use  ${test}  ${line.test}: ${line.unfit}`);
        else if (line.isKilled) kill(line.mutant, test);
        else reached.add(line.mutant);
      }
      const last = lines.at(-1);
      isDone = last === undefined || last.mutant === 0;
      if (!isDone && last) kill(last.mutant, test);
    }
  }
  for (const { id, file, line, change } of edits.filter((edit) => !ended.has(edit.id))) {
    counts.survived += 1;
    console.log(`survived  ${file}:${line}  ${change}${reached.has(id) ? '' : '  (no test reaches it)'}`);
  }
}

function isEquivalent({ file, change }: NumberedEdit): boolean {
  return equivalentMutants.some((each) => each.file === file && each.change === change);
}

/** What one test file finds out of these mutants, but of none that has ended. */
async function journalOf(files: readonly string[], test: string, ended: readonly number[]): Promise<JournalLine[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-mutants-'));
  const journal = path.join(folder, 'journal');
  const config = path.join(project, '__tests__/mutants/switched.config.ts');
  const child = spawn(
    process.execPath,
    [path.join(project, 'node_modules/vitest/vitest.mjs'), 'run', '--config', config],
    {
      cwd: project,
      stdio: 'ignore',
      detached: true,
      env: {
        ...process.env,
        ROTAFORM_MUTANTS_FILES: files.join(),
        ROTAFORM_MUTANTS_TEST: test,
        ROTAFORM_MUTANTS_JOURNAL: journal,
        ROTAFORM_MUTANTS_ENDED: ended.join(),
      },
    },
  );
  const kill = () => killGroup(child);
  process.once('exit', kill);
  const watching = new AbortController();
  const watch = killIfSilent(child, journal, watching.signal).catch(() => {});
  const [status] = await once(child, 'exit');
  process.off('exit', kill);
  watching.abort();
  await watch;
  const text = existsSync(journal) ? readFileSync(journal, 'utf8') : '';
  rmSync(folder, { recursive: true, force: true });
  const lines = text.split('\n').flatMap((line) => (line ? [JSON.parse(line) as JournalLine] : []));
  if (status !== 0 && !lines.some((line) => line.test)) {
    // What the other tests have found out is not lost for that.
    console.error(`${test} does not run.`);
    process.exitCode = 1;
    return [{ mutant: 0, test: '', isDone: true }];
  }
  return lines;
}

async function killIfSilent(child: ChildProcess, journal: string, signal: AbortSignal): Promise<void> {
  const startedMs = Date.now();
  for await (const _ of every(5_000, undefined, { signal })) {
    const spokeMs = existsSync(journal) ? statSync(journal).mtimeMs : startedMs;
    if (Date.now() - spokeMs > LONGEST_SILENCE_MS) killGroup(child);
  }
}

/** Ends the tests with all the processes that they started. */
function killGroup({ pid, exitCode }: ChildProcess): void {
  if (pid !== undefined && exitCode === null) process.kill(-pid, 'SIGKILL');
}
