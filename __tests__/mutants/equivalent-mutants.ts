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
    change: 'removed: scrubber.learn(change, strategy.publicFields);',
    because: 'the check of the new document learns it, too, and nothing before it quotes a value',
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
  ...["found.VersionId ?? ''", 'found.VersionStages ?? []'].map((read) => ({
    file: 'lambda/rotation/secret-versions.ts',
    change: `without ?? …: ${read}`,
    because: 'Secrets Manager answers with both; where a label is missing, what reads it asks DescribeSecret',
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
];
