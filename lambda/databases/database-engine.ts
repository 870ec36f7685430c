import type { NameLimit } from '../../rules/databases/names.ts';

/** What the databases of one engine have in common. */
export interface DatabaseEngine {
  /** What a secret may hold as `engine`. */
  readonly names: readonly string[];
  /** Where a server listens if the secret does not say. */
  readonly port: number;
  /** The database of a secret that does not say. */
  readonly dbname: string;
  /** Of a user's name. */
  readonly nameLimit: NameLimit;
}
