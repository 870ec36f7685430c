import type { Choice } from '../choice.ts';
import type { HclChoice } from '../hcl/hcl-choice.ts';

/** What init writes for one kind of secret. */
export interface InitTarget {
  /** For people: what rotates. */
  readonly title: string;
  /** Its page in `docs/`. */
  readonly page: string;
  /** How the name of its secret ends. @default the target's name */
  readonly nameEnd?: string;
  /** The declaration: the body of a file that imports what it needs. */
  declaration(choice: Choice): string;
  /** What `rotaform.local.ts` does: what the secret opens, on this machine. @default it opens nothing */
  localSetup?(choice: Choice): string;
  /** The same in HCL, for --hcl. @default it has no short form there */
  hcl?(choice: HclChoice): string;
  /** Other files, by name. @default none */
  files?(choice: Choice): Readonly<Record<string, string>>;
  /** Development dependencies that it takes besides those of each project. @default none */
  readonly packages?: readonly string[];
}
