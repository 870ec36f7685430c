import { DeployError } from '../../local/deploy/deploy-error.ts';
import type { Expression, ReferencePath } from '../../local/deploy/expression/expression.ts';
import { parseTemplate } from '../../local/deploy/expression/parse-template.ts';
import { references } from '../../local/deploy/expression/references.ts';
import { page } from '../../rules/page.ts';
import { DATA_OF_CONDITIONS, FILE_FUNCTIONS, PURE_FUNCTIONS } from './allowed.ts';
import type { Place } from './refusals.ts';
import { Refusals, shown } from './refusals.ts';

/** What a stack's expressions may name. */
export interface Names {
  /** Variables whose values Terraform keeps nowhere. */
  readonly ephemeralVariables: ReadonlySet<string>;
  readonly plainVariables: ReadonlySet<string>;
  /** Plain variables that are marked as sensitive. */
  readonly sensitiveVariables: ReadonlySet<string>;
  /** Paths of the checked files, with `/`. */
  readonly files: ReadonlySet<string>;
}

/** How a stack names what stands in its folder. */
export const MODULE = '$'.concat('{path.module}/');
const IN_FOLDER = `"${MODULE}…"`;

/** Where an ephemeral value may go: nowhere, or into an argument that Terraform hands on and keeps nowhere. */
type EphemeralUse = 'refused' | 'write-only';

/** Checks every expression of a value; keys are plain text. */
export function checkValue(
  value: unknown,
  place: Place,
  names: Names,
  refusals: Refusals,
  ephemeral: EphemeralUse = 'refused',
): void {
  if (typeof value === 'string') {
    const expression = parsed(value, place, refusals);
    if (expression !== undefined) checkExpression(expression, { place, names, refusals, ephemeral });
  } else if (Array.isArray(value)) {
    for (const [index, member] of value.entries()) {
      checkValue(member, [...place, String(index)], names, refusals, ephemeral);
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      checkKey(key, place, refusals);
      checkValue(member, [...place, key], names, refusals, ephemeral);
    }
  }
}

/** What moves the cursor of a log, or begins a line of it, where a line can be a command to GitHub's runner. */
const CONTROL = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
const CONTROL_FOUND = 'a line break or another control character';
/** Written in lines by hand: a policy, and a text for people. What is write-only, no plan prints. */
const OF_LINES = /^(policy|assume_role_policy|description|error_message|environment)$|_wo$/;

function checkText(text: string, place: Place, refusals: Refusals): void {
  if (!CONTROL.test(text)) return;
  const inLines = place.some((key) => OF_LINES.test(key));
  if (inLines && (isSecret(place) || !CONTROL.test(text.replaceAll(/[\n\t]/g, '')))) return;
  refusals.add(place, CONTROL_FOUND, inLines ? 'line breaks and tabs' : 'text of one line');
}

/** Terraform reads the keys of a map as templates, too. */
function checkKey(key: string, place: Place, refusals: Refusals): void {
  if (CONTROL.test(key)) refusals.add([...place, key], CONTROL_FOUND, 'keys of one line');
  if (/[$%]\{/.test(key)) refusals.add([...place, key], 'a key with an expression', 'keys that are plain text');
}

/** Checks text that Terraform must take as it stands, such as a provider's region. */
export function checkLiteral(value: unknown, place: Place, refusals: Refusals): void {
  if (typeof value === 'string') {
    if (/[$%]\{/.test(value)) refusals.add(place, 'an expression', 'a literal');
    checkText(value, place, refusals);
  } else if (Array.isArray(value)) {
    for (const [index, member] of value.entries()) checkLiteral(member, [...place, String(index)], refusals);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      checkKey(key, place, refusals);
      checkLiteral(member, [...place, key], refusals);
    }
  }
}

/**
 * A condition may ask whether an ephemeral variable was given, and nothing else of it: a plan says which conditions failed,
 * and would spell the value out.
 */
export function checkCondition(value: unknown, place: Place, names: Names, refusals: Refusals): void {
  if (typeof value !== 'string') refusals.add(place, 'no expression', 'an expression');
  const expression = typeof value === 'string' ? parsed(value, place, refusals) : undefined;
  if (expression === undefined) return;
  for (const each of withoutGivenVariables(expression, names)) {
    checkExpression(each, { place, names, refusals, ephemeral: 'refused' });
    if (!references(each).every((reference) => mayBeAsked(reference, names))) {
      refusals.add(
        place,
        'a condition on what may be a secret',
        `plain variables that are not sensitive, and the data sources that ${page('check-stack.md')} lists for conditions`,
      );
    }
  }
}

function mayBeAsked([root, name = '']: ReferencePath, names: Names): boolean {
  if (root === 'data') return DATA_OF_CONDITIONS.includes(String(name));
  // An ephemeral variable is refused by name already.
  if (root === 'var') return !names.sensitiveVariables.has(String(name));
  return root === 'path' || root === 'terraform';
}

/** What is left of `can(try([coalesce(var.first)], …))` without what asks for variables. */
function withoutGivenVariables(expression: Expression, names: Names): Expression[] {
  const [attempt] = call(expression, 'can') ?? [];
  const [given, ...others] = (attempt && call(attempt, 'try')) ?? [];
  if (given?.kind !== 'list') return [expression];
  const asks = ({ path }: { path: ReferencePath }) =>
    path.length === 2 && path[0] === 'var' && names.ephemeralVariables.has(String(path[1]));
  const isQuestion = (item: Expression) => {
    const [only, ...more] = call(item, 'coalesce') ?? [];
    return only?.kind === 'reference' && more.length === 0 && asks(only);
  };
  return given.items.every(isQuestion) ? others : [expression];
}

function call(expression: Expression, name: string): readonly Expression[] | undefined {
  return expression.kind === 'call' && expression.function.name === name ? expression.arguments : undefined;
}

/** Undefined where it was refused. */
export function parsed(text: string, place: Place, refusals: Refusals): Expression | undefined {
  try {
    // Every function is read; which of them is allowed, its call is asked.
    return parseTemplate(text, (name) => ({ name, call: () => undefined }), {
      name: OPERATOR,
      call: () => undefined,
    });
  } catch (error) {
    // Whatever the parser cannot cope with is not read: it is refused, and never accepted.
    const isNamed = error instanceof DeployError && error.code === 'UNSUPPORTED' && !isSecret(place);
    const [what = ''] = isNamed ? error.message.split(' is not supported by the local deploy.') : [];
    refusals.add(
      place,
      isNamed ? what : 'an expression that is not read here',
      'references, operators, functions of the list, literals, lists and objects',
    );
    return undefined;
  }
}

/** Operators and indexes are read as calls of this name, which no function has. They run nothing. */
const OPERATOR = '(operator)';

const isSecret = (place: Place) => place.some((key) => /^secret_string|_wo$/.test(key));

interface Context {
  readonly place: Place;
  readonly names: Names;
  readonly refusals: Refusals;
  readonly ephemeral: EphemeralUse;
}

function checkExpression(expression: Expression, context: Context): void {
  switch (expression.kind) {
    case 'literal':
      if (typeof expression.value === 'string') checkText(expression.value, context.place, context.refusals);
      break;
    case 'reference':
      checkReference(expression.path, context);
      break;
    case 'call':
      checkCall(expression.function.name, expression.arguments, context);
      break;
    default:
      for (const part of partsOf(expression)) checkExpression(part, context);
  }
}

function partsOf(expression: Extract<Expression, { kind: 'template' | 'list' | 'object' }>): readonly Expression[] {
  if (expression.kind === 'template') return expression.parts;
  return expression.kind === 'list' ? expression.items : expression.entries.flat();
}

function checkCall(name: string, values: readonly Expression[], context: Context): void {
  const { place, names, refusals } = context;
  if (FILE_FUNCTIONS.includes(name)) {
    const [only, ...more] = values;
    const file = only && more.length === 0 ? pathInFolder(only) : undefined;
    if (file === undefined || !names.files.has(file)) {
      refusals.add(place, `${name}() of something else`, `the literal path of a file of this folder, ${IN_FOLDER}`);
    }
    return;
  }
  if (name !== OPERATOR && !PURE_FUNCTIONS.includes(name)) {
    const found = isSecret(place) ? 'a function' : `the function ${shown(name)}()`;
    refusals.add(place, `${found}, which is not on the list`, `the functions that ${page('check-stack.md')} lists`);
  }
  // A function that fails says of what: a value that is kept nowhere would stand in the log.
  const within: Context = name === 'jsonencode' ? context : { ...context, ephemeral: 'refused' };
  for (const value of values) checkExpression(value, within);
}

function checkReference(path: ReferencePath, { place, names, refusals, ephemeral }: Context): void {
  const [root, name] = path.map(String);
  if (path.length === 1) refusals.add(place, 'only a name', 'references such as local.NAME and TYPE.NAME.ATTRIBUTE');
  if (root === 'path' && name !== 'module') refusals.add(place, `path.${shown(name ?? '')}`, 'path.module');
  if (root === 'terraform' && name !== 'workspace')
    refusals.add(place, `terraform.${shown(name ?? '')}`, 'terraform.workspace');
  if (root === 'module' || root === 'self')
    refusals.add(place, `a reference to ${root}`, 'resources, data, locals and variables');
  if (root === 'ephemeral' && ephemeral === 'refused') {
    refusals.add(place, 'an ephemeral resource', 'ephemeral values in arguments that end in _wo');
  }
  if (root !== 'var' || names.plainVariables.has(name ?? '')) return;
  if (names.ephemeralVariables.has(name ?? '') && ephemeral === 'write-only') return;
  refusals.add(
    place,
    `the variable ${isSecret(place) ? 'that it names' : shown(name ?? '')}`,
    'ephemeral variables in arguments that end in _wo, as they are or in jsonencode()',
  );
}

/** The path of `"${path.module}/assets/…"` in the folder; undefined for anything else. */
export function pathInFolder(expression: Expression): string | undefined {
  const parts = expression.kind === 'template' ? expression.parts : [expression];
  const [first, last, ...more] = parts;
  if (more.length > 0 || first?.kind !== 'reference' || first.path.join('.') !== 'path.module') return undefined;
  if (last?.kind !== 'literal' || typeof last.value !== 'string') return undefined;
  return /^(\/[A-Za-z0-9_][\w.-]*)+$/.test(last.value) ? last.value.slice(1) : undefined;
}

/** Types of Terraform that are made of others. */
const TYPE_CALLS = ['list', 'set', 'map', 'object', 'tuple', 'optional'];

/** Whether a variable's type is one of Terraform's, such as `list(object({ name = string }))`. */
export function isType(text: unknown): boolean {
  if (typeof text !== 'string' || /[$%~]/.test(text)) return false;
  const ignored = new Refusals('');
  const expression = parsed(`\${${text}}`, [], ignored);
  return expression !== undefined && isTypeExpression(expression);
}

function isTypeExpression(expression: Expression): boolean {
  switch (expression.kind) {
    case 'reference':
      return expression.path.length === 1 && /^(string|number|bool|any)$/.test(String(expression.path[0]));
    case 'object':
      return expression.entries.every(([key, value]) => key.kind === 'literal' && isTypeExpression(value));
    case 'list':
      return expression.items.every(isTypeExpression);
    case 'call': {
      const [type, ...others] = expression.arguments;
      const areLiterals = expression.function.name === 'optional' && others.length <= 1 && others.every(isLiteral);
      return (
        TYPE_CALLS.includes(expression.function.name) &&
        type !== undefined &&
        isTypeExpression(type) &&
        (others.length === 0 || areLiterals)
      );
    }
    default:
      return false;
  }
}

const isLiteral = ({ kind }: Expression) => kind === 'literal';
