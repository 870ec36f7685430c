import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { cachedTool } from '../cached-tool.ts';
import { runCommand, tsx } from '../run-command.ts';

const hasTypedoc = cachedTool('typedoc/node_modules/typedoc/package.json') !== undefined;
const missing = hasTypedoc ? '' : ' (skipped: TypeDoc is not installed; .ci/install-tools does it)';

it.skipIf(!hasTypedoc)(`docs/api is what npm run api writes${missing}`, async () => {
  const made = mkdtempSync(path.join(tmpdir(), 'rotaform-api-test-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  expect(await runCommand(process.execPath, [...tsx('packaging/build-api.ts'), made])).toMatchObject({ exitCode: 0 });
  expect(readdirSync('docs/api')).toEqual(readdirSync(made));
  for (const file of readdirSync(made)) {
    const [there, written] = ['docs/api', made].map((folder) => readFileSync(path.join(folder, file), 'utf8'));
    expect(there === written, `docs/api/${file} is stale. Run npm run api.`).toBe(true);
  }
});
