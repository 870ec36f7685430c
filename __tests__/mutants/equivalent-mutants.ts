/** A mutant that no test can find out, since nothing a user could see changes. */
export interface EquivalentMutant {
  readonly file: string;
  /** As `npm run test:mutants` prints it. */
  readonly change: string;
  readonly because: string;
}

export const equivalentMutants: readonly EquivalentMutant[] = [
  {
    file: 'lambda/rotation/causes-of.ts',
    change: 'without … &&: at < found.length && at < MOST',
    because: 'what is beyond the end of the list has no cause',
  },
  {
    file: 'lambda/rotation/create-secret.ts',
    change: "without … &&: error instanceof Error && error.name === 'ResourceExistsException'",
    because: 'the AWS SDK throws nothing but errors; the first half is for the compiler',
  },
  {
    file: 'lambda/rotation/secret-document.ts',
    change: "swallowed: { return undefined; // The parser's own message quotes the text. }",
    because: 'a function without a return gives undefined, too',
  },
  ...['without && …', 'without … &&'].map((which) => ({
    file: 'lambda/rotation/secret-document.ts',
    change: `${which}: key !== undefined && start !== undefined`,
    because:
      'an empty object has no key and no value, every field has both: each half says it all, the compiler wants both',
  })),
  {
    file: 'lambda/rotation/secret-versions.ts',
    change: "without … &&: error instanceof Error && error.name === 'ResourceNotFoundException'",
    because: 'the AWS SDK throws nothing but errors; the first half is for the compiler',
  },
  {
    file: 'lambda/rotation/secret-versions.ts',
    change: 'without ?? …: CreatedDate?.getTime() ?? 0',
    because: 'every version that Secrets Manager lists has a date',
  },
  {
    file: 'lambda/rotation/secret-versions.ts',
    change: 'without ?? …: page.Versions ?? []',
    because: 'a page of versions has a list, if an empty one',
  },
  {
    file: 'client/secret-entry.ts',
    change: 'without && …: !mayRead && lastFailure',
    because:
      'a pause follows a failure, and the failure is kept for as long as the pause; the second half throws no undefined',
  },
  {
    file: 'client/secret-entry.ts',
    change: 'swallowed: { return undefined; // None, or not for this caller: what becomes current is waited for. }',
    because: 'a function without a return gives undefined, too',
  },
  {
    file: 'client/secret-entry.ts',
    change: 'without ?? …: held?.staleMs ?? 0',
    because: 'only what holds a value is let go',
  },
  ...[
    'negated: !known.get(key)?.deref()',
    'removed: known.delete(key);',
    'removed: forgotten.register(reads, key);',
  ].map((change) => ({
    file: 'client/secrets-cache.ts',
    change,
    because: 'it gives back the memory of a name, when the garbage collector says so: nobody else can see it',
  })),
  {
    file: 'client/secret-reads.ts',
    change: 'removed: signal.throwIfAborted();',
    because:
      'a call that was given up has thrown before; a cache closed in the microtasks since holds what nobody can read',
  },
  {
    file: 'client/secret-reads.ts',
    change: "without ?? …: VersionId ?? ''",
    because: 'Secrets Manager answers with it; the second half is for the compiler',
  },
  {
    file: 'client/secret-reads.ts',
    change: 'negated: found.length < views.length',
    because: 'it gives back the memory of views that nobody holds on to: nobody else can see it',
  },
  ...[
    "not caught: import('@aws-sdk/client-secrets-manager').catch((error: unknown) => { if (!/MODULE_NOT_FOU…",
    'negated: !/MODULE_NOT_FOUND/.test((error as { code: string }).code)',
    'removed: if (!/MODULE_NOT_FOUND/.test((error as { code: string }).code)) throw error;',
  ].map((change) => ({
    file: 'client/secrets-manager.ts',
    change,
    because:
      'a package that is missing takes a process of its own, where no mutant is on: __tests__/client/package.test.ts',
  })),
  {
    file: 'client/secrets-cache.ts',
    change: 'removed: bound.clear();',
    because: 'each view has let its value go before; what the bound holds on to is empty',
  },
  {
    file: 'client/nestjs.ts',
    change: 'removed: Module({})(RotaformModule);',
    because: 'NestJS takes a dynamic module without it, too; it says to readers and tools what the class is',
  },
  {
    file: 'client/nestjs.ts',
    change: 'removed: Inject(CACHE)(RotaformModule, undefined, 0);',
    because: 'it runs when the file is loaded, before a mutant is on; removed by hand, the test of the shutdown fails',
  },
  {
    file: 'client/local-secrets.ts',
    change: "without ?? …: env[variable] ?? ''",
    because: 'the variable is set, or nothing is read from it; the second half is for the compiler',
  },
  {
    file: 'client/local-secrets.ts',
    change: 'without … &&: NODE_ENV !== undefined && allowed.includes(NODE_ENV)',
    because: 'no list of names holds undefined; the first half is for the compiler',
  },
  ...['rotations', 'refusals', 'rejections'].map((name, index) => ({
    file: 'client/opentelemetry.ts',
    change: `dropped: '${['Versions that replaced another one', 'Versions that what the secret opens refused', 'New versions that are not as their schema expects'][index]}'`,
    because: `a description of ${name} for people, which no figure depends on`,
  })),
];
