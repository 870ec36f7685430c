/** What somebody who may write the rotated secret, and nothing else, could try to get by it. */
export interface ForeignTarget {
  /** For messages, such as `a foreign endpoint`. */
  readonly name: string;
  /** The rotated secret as that person stores it: with an endpoint of their own, or the name of somebody else's user. */
  readonly secretString: string;
  /** All that their endpoint has heard. No string of the other secrets may be in it, in whatever encoding. */
  heard?(): string;
  /** Whether the credential of somebody else's user has changed. */
  isChanged?(): boolean | Promise<boolean>;
}
