/** What is known at synth of whether something holds: Terraform alone may know the rest. */
export type Verdict = 'yes' | 'maybe' | 'no';

export function all(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('no')) return 'no';
  return verdicts.includes('maybe') ? 'maybe' : 'yes';
}

export function any(verdicts: readonly Verdict[]): Verdict {
  return not(all(verdicts.map(not)));
}

export function not(verdict: Verdict): Verdict {
  return ({ yes: 'no', maybe: 'maybe', no: 'yes' } as const)[verdict];
}

/** A text of which synth may know only parts. */
export interface Shape {
  /** The text as the stack writes it: references that stand for it, and literals. */
  readonly texts: readonly string[];
  /** What is known of it, with `*` for the rest. */
  readonly glob: string;
}

/** A text that only Terraform knows, whatever it is. */
export const UNKNOWN = '$'.concat('{unknown}');

const REFERENCE = /\$\{[^}]*\}/g;

/**
 * Whether a text of a policy is, or as a pattern covers, the text that a shape stands for.
 * @param wildcards whether `*` and `?` of the policy's text stand for others
 */
export function matches(text: string, { texts, glob }: Shape, wildcards = true): Verdict {
  if (texts.includes(text) || (wildcards && text === '*')) return 'yes';
  if (isOtherResource(text, texts)) return 'no';
  const [parts, others] = [text.replace(REFERENCE, UNKNOWN), glob].map(partsOfArn);
  if (parts === undefined || others === undefined) return matchesText(text, glob, wildcards);
  return all(parts.map((part, index) => matchesText(part, others[index] ?? '', wildcards)));
}

/** No part of an ARN but its last holds a colon, so no wildcard reads on into the next one. */
function partsOfArn(text: string): readonly string[] | undefined {
  const [, ...parts] = /^(arn):([^:]*):([^:]*):([^:]*):([^:]*):(.*)$/s.exec(text) ?? [];
  return parts.length === 0 ? undefined : parts;
}

function matchesText(text: string, glob: string, wildcards: boolean): Verdict {
  const isKnown = !text.includes('${');
  const pattern = tokens(wildcards ? text : text.replace(/[*?]/g, '\\$&'));
  if (isKnown && covers(pattern, tokens(glob))) return 'yes';
  return overlaps(pattern, tokens(glob)) ? 'maybe' : 'no';
}

/** Two resources of a stack that are of one type are two. */
function isOtherResource(text: string, texts: readonly string[]): boolean {
  const [, type] = /^\$\{(aws_\w+)\.[\w-]+\.\w+\}$/.exec(text) ?? [];
  return type !== undefined && texts.some((each) => each.startsWith(`\${${type}.`));
}

/** The characters of a pattern: those that stand for others, and those that are meant. */
function tokens(pattern: string): readonly string[] {
  return [...pattern.replace(REFERENCE, '*').matchAll(/\\[*?]|./gsu)].map(([token]) => token);
}

const isMany = (token: string | undefined) => token === '*';
const fits = (one: string | undefined, other: string | undefined) =>
  one !== undefined && other !== undefined && (one === '?' || other === '?' || one === other);

/** Whether there is a text that both patterns match. */
function overlaps(one: readonly string[], other: readonly string[]): boolean {
  // reached[j]: whether what was read of `one` may be what the first j tokens of `other` stand for.
  let reached = [true];
  for (let j = 0; j < other.length; j++) reached.push(reached[j] === true && isMany(other[j]));
  for (const token of one) {
    const next = [reached[0] === true && isMany(token)];
    for (let j = 0; j < other.length; j++) {
      const skips = (isMany(token) && next[j] === true) || (isMany(other[j]) && reached[j + 1] === true);
      const stays = isMany(token) && reached[j + 1] === true;
      const reads = isMany(other[j]) && next[j] === true;
      next.push(skips || stays || reads || (fits(token, other[j]) && reached[j] === true));
    }
    reached = next;
  }
  return reached[other.length] === true;
}

/** Whether the pattern matches every text that the other one stands for. A `*` of the other is read by a `*` alone. */
function covers(pattern: readonly string[], other: readonly string[]): boolean {
  let reached = [true, ...other.map(() => false)];
  for (const token of pattern) {
    const next = [isMany(token) && reached[0] === true];
    for (let j = 0; j < other.length; j++) {
      const many = isMany(token) && (reached[j + 1] === true || next[j] === true);
      const single = !isMany(other[j]) && reached[j] === true && (token === '?' || token === other[j]);
      next.push(many || (!isMany(token) && single));
    }
    reached = next;
  }
  return reached[other.length] === true;
}
