import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { SkippedTests } from './__tests__/skipped-tests.ts';

export default defineConfig({
  test: {
    include: ['__tests__/**/*.test.ts'],
    reporters: ['default', new SkippedTests()],
    globalSetup: '__tests__/global-setup.ts',
    // A paragraph in every test file, where these run on Node 20.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    // Most tests wait for the processes and servers that they start: a core left to those alone would idle.
    maxWorkers: availableParallelism(),
    // A busy machine is no reason to fail: this ends a test that hangs.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
