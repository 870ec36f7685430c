import path from 'node:path';
import { defineConfig } from 'vitest/config';
import { numberedEdits, project } from './numbered-edits.ts';
import { switchedSource } from './switched-source.ts';

const { ROTAFORM_MUTANTS_FILES: files = '', ROTAFORM_MUTANTS_TEST: test = '' } = process.env;
const edits = numberedEdits(files.split(','));

/** One test file, over sources with all mutants behind switches. */
export default defineConfig({
  root: project,
  plugins: [
    {
      name: 'mutants',
      enforce: 'pre',
      transform(source, id) {
        const file = path.relative(project, id.replace(/\?.*/, ''));
        const own = edits.filter((edit) => edit.file === file);
        return own.length === 0 ? undefined : { code: switchedSource(source, own), map: null };
      },
    },
  ],
  test: {
    include: [test],
    runner: path.join(project, '__tests__/mutants/switched-runner.ts'),
    globalSetup: '__tests__/global-setup.ts',
    setupFiles: '__tests__/quiet-warnings.ts',
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    silent: true,
    isolate: false,
    maxWorkers: 1,
    hookTimeout: 180_000,
    testTimeout: 180_000,
  },
});
