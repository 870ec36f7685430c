import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { SkippedTests } from './__tests__/skipped-tests.ts';

/** Whole programs, real Terraform, packages, adversaries: minutes, or tools that not everybody has. `npm run test:slow`. */
const SLOW = [
  ...['adversary', 'cdktn', 'modules', 'packaging', 'scanners', 'terraform'].map(
    (folder) => `__tests__/${folder}/**/*.test.ts`,
  ),
  '__tests__/client/pgbouncer.test.ts',
  '__tests__/client/postgres-js.test.ts',
  '__tests__/client/sql-drivers.test.ts',
  '__tests__/commands/start/*.test.ts',
  '__tests__/commands/{start,local,rotate}.test.ts',
  '__tests__/commands/check-stack/never-throws.test.ts',
  '__tests__/constructs/references.test.ts',
  '__tests__/constructs/terraform-validate.test.ts',
  '__tests__/docs/local-aws.test.ts',
  '__tests__/docs/read-*.test.ts',
  '__tests__/lambda/mysql/{cached-for-five-minutes,cut-off,other-clients,replica,mysql-{admin,alternating-users,equal-users,limits,odd-accounts,passwords,troubles}}.test.ts',
  '__tests__/local/aws-cli.test.ts',
  '__tests__/local/permissions/iam-simulate.test.ts',
  '__tests__/testing/weak-handlers.test.ts',
];

/** Contracts whose every point takes a database or an issuer of its own: `npm run test:exhaustive` alone. */
const LONG_CONTRACTS = [
  '__tests__/lambda/mysql/*.contract.test.ts',
  '__tests__/lambda/oauth-token/other-proofs.contract.test.ts',
  '__tests__/lambda/postgres/*.contract.test.ts',
];

export default defineConfig({
  test: {
    // Without isolation a worker loads cdktf and the AWS SDK once: what a test changes for all, it puts back.
    projects: [
      {
        extends: true,
        test: {
          name: 'quick',
          include: ['__tests__/**/*.test.ts'],
          exclude: [...SLOW, ...LONG_CONTRACTS],
          isolate: false,
        },
      },
      { extends: true, test: { name: 'slow', include: SLOW } },
      { extends: true, test: { name: 'contracts', include: LONG_CONTRACTS } },
    ],
    reporters: ['default', new SkippedTests()],
    // Nothing but the report: what tests and their servers print is shown if a test fails.
    silent: 'passed-only',
    setupFiles: '__tests__/quiet-warnings.ts',
    globalSetup: '__tests__/global-setup.ts',
    // A paragraph in every test file, where these run on Node 20.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    // Most tests wait for the processes and servers that they start: a core left to those alone would idle.
    maxWorkers: availableParallelism() + 1,
    // A busy machine is no reason to fail: this ends a test that hangs.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
