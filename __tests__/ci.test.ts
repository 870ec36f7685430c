import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runCommand } from './run-command.ts';

/** Runs a program of `.ci/` on a folder with these files. */
async function run(program: string, files: Readonly<Record<string, string>>, args: (folder: string) => string[]) {
  const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-ci-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  const { exitCode, stdout, stderr } = await runCommand(process.execPath, [`.ci/${program}`, ...args(folder)]);
  return { exitCode, lines: `${stdout}${stderr}`.trimEnd().split('\n') };
}

const report = (...statuses: readonly string[]) => {
  const assertionResults = statuses.map((status) => ({ fullName: `a test that is ${status}`, status }));
  return JSON.stringify({
    testResults: [{ name: '/project/__tests__/a.test.ts', startTime: 0, endTime: 1_500, assertionResults }],
  });
};

describe('The last line of .ci/run', () => {
  const summary = (files: Readonly<Record<string, string>>, failedSteps = '0', ...allowed: readonly string[]) =>
    run('summary.mjs', files, (folder) => [failedSteps, folder, ...allowed]);

  it('counts the tests of all suites', async () => {
    const files = { 'one.json': report('passed', 'passed'), 'two.json': report('passed'), 'two.txt': 'its output' };
    expect(await summary(files)).toEqual({ exitCode: 0, lines: ['3 passed, 0 failed, 0 skipped'] });
  });

  it('fails if a test or a step fails', async () => {
    const failed = { exitCode: 1, lines: ['1 passed, 1 failed, 0 skipped'] };
    expect(await summary({ 'one.json': report('passed', 'failed') })).toEqual(failed);
    expect(await summary({ 'one.json': report('passed') }, '1')).toEqual(failed);
    expect(await summary({})).toMatchObject({ exitCode: 1 });
  });

  it('fails if a test is skipped that is not on the list', async () => {
    const files = { 'one.json': report('passed', 'skipped') };
    const lines = ['1 passed, 0 failed, 1 skipped'];
    expect(await summary(files, '0', 'a test that is skipped')).toEqual({ exitCode: 0, lines });
    const surprise = 'skipped, but not in the list of .ci/run: a test that is skipped';
    expect(await summary(files)).toEqual({ exitCode: 1, lines: [surprise, ...lines] });
  });
});

it('.ci/run fails if a suite prints more than its report', async () => {
  const lines = [' RUN  v4.1.12', ' ✓ |quick| __tests__/a.test.ts (8 tests) 37ms', '', ' Test Files  1 passed (1)'];
  const strange = (...more: readonly string[]) =>
    run('strange-lines.mjs', { 'out.txt': [...lines, ...more].join('\n') }, (folder) => [`${folder}/out.txt`]);
  expect(await strange()).toMatchObject({ exitCode: 0 });
  const warning = '(node:1) Warning: this is old';
  const told = ["Lines that are not the reporter's (1), such as:", `  ${warning}`];
  expect(await strange(warning)).toEqual({ exitCode: 1, lines: told });
});

it('.ci/run names the files that took longest', async () => {
  const files = { 'one.json': report('passed', 'failed') };
  const { lines } = await run('slowest-files.mjs', files, (folder) => [`${folder}/one.json`]);
  expect(lines[0]).toBe('    1.5 s  __tests__/a.test.ts (2 tests)');
});
