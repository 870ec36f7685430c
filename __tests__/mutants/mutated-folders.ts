/** Tests that run together; a later stage takes longer. */
interface TestStage {
  readonly name: string;
  /** Globs of test files. */
  readonly include: readonly string[];
  /** Whether only the tests run that load the changed file. @default false */
  readonly onlyRelated?: boolean;
  readonly mostSeconds: number;
}

/** A folder that is changed in one place at a time, and what must notice it. */
export interface MutatedFolder {
  readonly folder: string;
  /** What the tests need of the project. */
  readonly copied: readonly string[];
  /** The short contract comes after the first one, if there is a contract. */
  readonly stages: readonly TestStage[];
  readonly hasContract: boolean;
}

const tests = (folder: string, ...names: readonly string[]) => names.map((name) => `${folder}/${name}.test.ts`);

export const mutatedFolders: readonly MutatedFolder[] = [
  {
    folder: 'lambda/rotation',
    copied: [
      'constructs',
      'lambda',
      'local',
      'rules',
      'testing',
      '__tests__/lambda',
      '__tests__/local',
      'package.json',
    ],
    stages: [
      {
        name: 'the part',
        // These need nothing but the part.
        include: tests(
          '__tests__/lambda/rotation',
          'check-schema',
          'deadline',
          'error-code',
          'last-stored',
          'proved-versions',
          'read-environment',
          'rotation-event',
          'rotation-handler',
          'scrubber',
          'secret-document',
        ),
        onlyRelated: true,
        mostSeconds: 30,
      },
      {
        name: 'the protocol',
        include: [...tests('__tests__/lambda/rotation', '*'), '__tests__/lambda/password/password.test.ts'],
        mostSeconds: 240,
      },
    ],
    hasContract: true,
  },
];

/** A folder whose tests run in one process for all mutants of some of its files; see `run-switched.ts`. */
export interface SwitchedFolder {
  readonly folder: string;
  /** In this order: what finds most out in little time comes first. */
  readonly tests: readonly string[];
}

export const switchedFolders: readonly SwitchedFolder[] = [
  {
    folder: 'client',
    tests: tests(
      '__tests__/client',
      ...['deep-freeze', 'value-bound', 'sdk-failure', 'refused-login', 'adapter-misuse', 'mysql2'],
      ...['candidates', 'open-socket', 'postgres-login', 'postgres-js-logins', 'ioredis-logins'],
      ...['with-deadline', 'pauses', 'closing', 'secret-reads'],
      ...['batch', 'local-secrets', 'opentelemetry', 'helpers', 'no-leaks', 'nestjs'],
      ...['refused-credential', 'secrets-cache', 'faults', 'pg', 'redis', 'ioredis', 'postgres-js', 'sql-drivers'],
    ),
  },
];
