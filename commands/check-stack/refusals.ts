/** Why a stack is refused: where, what was found there, and what is allowed instead. No value of the stack is in it. */
export interface Refusal {
  /** The file and the JSON path, such as `cdk.tf.json: provider.aws.shared_config_files`. */
  readonly place: string;
  readonly found: string;
  readonly allowed: string;
}

/** A place in a stack's JSON: the keys that lead to it. */
export type Place = readonly string[];

const LONGEST_NAME = 60;

/**
 * A name as a message shows it. Who wrote the stack chose it: no line break of theirs reaches the log of a workflow, where
 * a line can be a command.
 */
export function shown(name: string): string {
  const clipped = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
  return /^[\w./@-]+…?$/.test(clipped) ? clipped : JSON.stringify(clipped).replaceAll(/[^ -~…]/g, '?');
}

/** Collects what is refused in one file. */
export class Refusals {
  readonly found: Refusal[] = [];

  constructor(private readonly file: string) {}

  add(place: Place, found: string, allowed: string): void {
    const path = place.map(shown).join('.');
    this.found.push({ place: path === '' ? this.file : `${this.file}: ${path}`, found, allowed });
  }
}
