import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { synthesize } from '../../commands/synthesize.ts';
import { runCommand } from '../run-command.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

it('the snippet of docs/local-aws.md for a test runs, and rotates', async () => {
  const page = readFileSync(path.join(root, 'docs/local-aws.md'), 'utf8');
  const [, snippet = ''] = /In a test:\n\n```ts\n(.*?)^```/ms.exec(page) ?? [];
  expect(snippet).toContain('localAws');
  // Inside the project, so that it finds the packages; in a folder of its own, since other tests synthesize as well.
  mkdirSync(path.join(root, 'dist'), { recursive: true });
  const folder = mkdtempSync(path.join(root, 'dist/docs-local-aws-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  await synthesize({ output: path.join(folder, 'cdktf.out') });
  writeFileSync(path.join(folder, 'snippet.ts'), snippet);
  const { exitCode, stdout, stderr } = await runCommand(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), path.join(folder, 'snippet.ts')],
    folder,
  );
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const [before, after, ...rest] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(rest).toEqual([]);
  expect(before).toEqual({ username: 'user1', password: expect.any(String) });
  expect(after.password).not.toBe(before.password);
}, 60_000);
