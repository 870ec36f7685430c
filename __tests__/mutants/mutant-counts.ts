/** How mutants fared. */
export interface Counts {
  /** By what found them out. */
  readonly killed: Map<string, number>;
  equivalent: number;
  survived: number;
}
