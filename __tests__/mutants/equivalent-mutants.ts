/** A mutant that no test can find out, since nothing a user could see changes. */
export interface EquivalentMutant {
  readonly file: string;
  /** As `npm run test:mutants` prints it. */
  readonly change: string;
  readonly because: string;
}

export const equivalentMutants: readonly EquivalentMutant[] = [];
