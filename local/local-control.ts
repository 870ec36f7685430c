/** What can be done with the local AWS as a whole. */
export interface LocalControl {
  /** Writes the state file, if there is one. */
  save(): Promise<void>;
  /** Empties all accounts. */
  reset(): Promise<void>;
}
