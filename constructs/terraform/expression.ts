/** What a value is made of. A literal is `LITERAL`, all else a reference, such as `var.password` or `aws_iam_role.web.arn`. */
export interface Sources {
  /** What Terraform does not keep. */
  readonly passing: readonly string[];
  /** What Terraform keeps, of which the value may be a part at most if it has something passing, as in `app:${var.password}`. */
  readonly kept: readonly string[];
  /** What Terraform keeps, and what may be the whole value instead of something passing. */
  readonly instead: readonly string[];
}

export const LITERAL = 'a literal';
export const NOTHING: Sources = { passing: [], kept: [], instead: [] };
export const A_LITERAL: Sources = { ...NOTHING, kept: [LITERAL] };

/** The tokens of a template and of the expressions in it: the names, and what begins or ends a part. */
const TOKEN =
  /\$\$\{|%%\{|\\.|[$%]\{|""|"|[A-Za-z_][\w-]*\(|[A-Za-z_][\w-]*(?:\.[\w-]+|\["[\w-]+"\])*|[.\d][\w.-]*|=>|[=!<>]=|[()[\]{}?:,=]/gs;

/** The arguments of functions that only say how the others become the value. */
const SHAPING: Readonly<Record<string, readonly number[]>> = {
  chunklist: [1],
  element: [1],
  format: [0],
  formatlist: [0],
  indent: [0],
  join: [0],
  lookup: [1],
  parseint: [1],
  regex: [0],
  regexall: [0],
  replace: [1, 2],
  slice: [1, 2],
  split: [0],
  substr: [1, 2],
  textdecodebase64: [1],
  textencodebase64: [1],
  trim: [1],
  trimprefix: [1],
  trimsuffix: [1],
};

/** Where parts are put together to one text. */
const JOINS = ['text', 'format', 'join'];
/** Where members stay what they are, until something else takes them. */
const HOLDS = ['', '[', 'code', 'compact', 'concat', 'flatten', 'tolist'];

/** A text, code, a bracket, or a function by its name, within which tokens stand. */
interface Frame {
  readonly kind: string;
  /** The arguments and members that ended. */
  done: Sources;
  /** The choices of `condition ? one : other` that ended. */
  chosen: Sources | undefined;
  open: Sources;
  /** How many arguments, or parts of a text, ended. */
  count: number;
  isLoop: boolean;
}

/**
 * Reads the text that Terraform gets.
 * @param sourcesOf what a reference in it stands for
 */
export function readExpression(text: string, sourcesOf: (reference: string) => Sources): Sources {
  const outermost = frameOf('text');
  const frames = [outermost];
  const loopNames = new Set<string>();
  let [end, previous] = [0, ''];
  const top = () => frames.at(-1) ?? outermost;
  const add = (sources: Sources) => {
    top().open = both(top().open, sources);
    if (top().kind === 'text') top().count += 1;
  };
  const pop = () => {
    const popped = frames.length > 1 ? frames.pop() : undefined;
    if (popped !== undefined) add(sourcesIn(popped));
  };

  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    const frame = top();
    if (frame.kind === 'text') {
      if (index > end) add(A_LITERAL);
      if (token === '${' || token === '%{') frames.push(frameOf('code'));
      else if (token === '"' && frames.length > 1) pop();
      else add(A_LITERAL);
    } else if (token === '"') frames.push(frameOf('text'));
    else if (token === '[') frames.push(frameOf(index === end && /[\w"\])]$/.test(previous) ? 'index' : '['));
    else if (/[({]$/.test(token)) frames.push(frameOf(token.replace('(', '')));
    else if (/^[)\]}]$/.test(token)) pop();
    else if (token === ',') closeArgument(frame);
    else if (token === '?') startChoice(frame);
    else if (/^(:|=>?)$/.test(token)) endOfKeyOrChoice(frame);
    else if (token === 'for') frame.isLoop = true;
    else if (/^\d/.test(token)) add(A_LITERAL);
    else if (/^[\w-]+$/.test(token) && frame.isLoop) loopNames.add(token);
    else if (/^[A-Za-z_][\w-]*[.[]/.test(token) && !loopNames.has(firstName(token))) add(sourcesOf(token));
    [end, previous] = [index + token.length, token];
  }
  if (frames.length === 1 && end < text.length) add(A_LITERAL);
  while (frames.length > 1) pop();
  return sourcesIn(outermost);
}

export const both = (one: Sources, other: Sources): Sources => ({
  passing: [...one.passing, ...other.passing],
  kept: [...one.kept, ...other.kept],
  instead: [...one.instead, ...other.instead],
});

/** One of several sources is the value, or each is a member of it. */
export function oneOf({ passing, kept, instead }: Sources): Sources {
  return passing.length === 0 ? { passing, kept, instead } : { passing, kept: [], instead: [...instead, ...kept] };
}

const firstName = (reference: string) => /^[\w-]+/.exec(reference)?.[0] ?? '';

function frameOf(kind: string): Frame {
  return { kind, done: NOTHING, chosen: undefined, open: NOTHING, count: 0, isLoop: false };
}

/** The condition is no part of the value. */
function startChoice(frame: Frame): void {
  frame.open = NOTHING;
  frame.chosen ??= NOTHING;
}

function endOfKeyOrChoice(frame: Frame): void {
  if (frame.chosen !== undefined) frame.chosen = both(frame.chosen, frame.open);
  if (frame.chosen !== undefined || (frame.kind === '{' && !frame.isLoop)) frame.open = NOTHING;
}

function closeArgument(frame: Frame): void {
  const { kind, chosen, open, done, count } = frame;
  const argument = chosen === undefined ? open : oneOf(both(chosen, open));
  frame.done = both(done, SHAPING[kind]?.includes(count) ? { ...NOTHING, passing: argument.passing } : argument);
  [frame.open, frame.chosen, frame.count] = [NOTHING, undefined, count + 1];
}

function sourcesIn(frame: Frame): Sources {
  const { kind, count } = frame;
  closeArgument(frame);
  const { passing, kept, instead } = frame.done;
  if (kind === 'index') return NOTHING;
  if (HOLDS.includes(kind)) return frame.done;
  if (!JOINS.includes(kind) || (kind === 'text' && count === 1)) return oneOf(frame.done);
  return { passing, kept: passing.length === 0 ? kept : [], instead };
}
