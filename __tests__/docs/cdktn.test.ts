import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { frameworkOf } from '../../commands/init/framework.ts';
import { blocksOf, blockWith } from './pages.ts';

const PAGE = 'docs/cdktn.md';
const { core, aws, constructs, appOption } = frameworkOf({ cdktn: '' });

// `init` writes these for a project with cdktn: packaging/init.test.ts compiles and runs them.
it('docs/cdktn.md imports what init imports, and gives App the option that init gives', () => {
  const blocks = blocksOf(PAGE, 'typescript').map(({ code }) => code);
  expect(blocks).toEqual([expect.stringContaining('import '), `const app = new App({ ${appOption} });\n`]);
  const imported = [...(blocks[0] ?? '').matchAll(/^import \{ (.*) \} from '(.*)';$/gm)].map(([, names, from]) => [
    names,
    from,
  ]);
  expect(imported).toEqual([
    ['AwsProvider', `${aws}/lib/provider`],
    ['App, TerraformStack', core],
    ['RotatedSecret, Rotation, Schedule', constructs],
  ]);
});

it('docs/cdktn.md installs the versions that the tests install', () => {
  const { dependencies, overrides } = JSON.parse(blockWith(PAGE, 'json', 'overrides'));
  const tools = readFileSync('.ci/install-tools', 'utf8');
  expect(tools).toContain(`cdktf@${dependencies.cdktf} 'constructs@${dependencies.constructs}'`);
  expect(overrides).toEqual({ cdktf: '$cdktf' });
});
