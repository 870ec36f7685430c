import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cachedTool } from '../cached-tool.ts';
import { runCommand } from '../run-command.ts';

const zizmor = cachedTool('zizmor/bin/zizmor');
const missing = zizmor === undefined ? ' (skipped: zizmor is not installed; .ci/run installs it where pip has it)' : '';

describe.skipIf(zizmor === undefined)(`zizmor${missing}`, () => {
  it('finds nothing in any workflow', async () => {
    const args = ['--offline', '--no-progress', '--strict-collection', '.github/workflows'];
    const { exitCode, stdout, stderr } = await runCommand(zizmor ?? '', args);
    expect(stdout).toMatch(/^No findings to report\./m);
    for (const file of readdirSync('.github/workflows'))
      expect(stderr).toContain(`completed .github/workflows/${file}`);
    expect(exitCode).toBe(0);
  });

  it('reports what a workflow must not do', async () => {
    const { stdout } = await runCommand(zizmor ?? '', [
      '--offline',
      '--no-progress',
      '__tests__/scanners/unsafe-workflow.yml',
    ]);
    expect(stdout).toMatch(/unpinned-uses/);
    expect(stdout).toMatch(/template-injection/);
  });
});
