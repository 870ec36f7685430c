import { ConstructError } from '../construct-error.ts';
import { checkTexts, holdsReference, isReference } from '../terraform/references.ts';

/** A class, whether or not its constructor is private. */
interface Class<Instance> {
  readonly name: string;
  readonly prototype: Instance;
  [Symbol.hasInstance](value: unknown): boolean;
}

type Need = 'optional' | 'required';

/** An option whose value decides something at synth. */
interface Known {
  readonly need: Need;
  /** What synth decides by it, as the end of a sentence. */
  readonly because: string;
  /** Whether its parts may be references, and only its shape has to be known. */
  readonly shapeAlone: boolean;
}

/** An option that no reference may give: what only Terraform knows comes too late for what synth decides by it. */
export const known = (need: Need, because: string): Known => ({ need, because, shapeAlone: false });

/** An object or a list whose parts may be references, but that no reference may give as a whole. */
export const knownShape = (need: Need, because: string): Known => ({ need, because, shapeAlone: true });

/** The provider of every construct. */
export const knownProvider = known('optional', 'its region and account decide what the policies say');

/**
 * Every option that `Options` declares: whether it may be left out, must be given, must be known at synth, or must be made
 * by a class, or by one of several. The compiler refuses a table that lacks one.
 */
export type OptionTable<Options> = {
  readonly [Name in keyof Options]-?: object extends Pick<Options, Name>
    ? 'optional' | Known
    : 'required' | Known | Class<Options[Name]> | readonly Class<Options[Name]>[];
};

/**
 * Refuses what a compiler would: JavaScript has none, and a spread hides a misspelling from TypeScript's. Refuses a
 * reference where synth needs the value; everything else passes references through.
 * @param owner what takes the options, as its user wrote it
 * @throws OPTIONS
 */
export function checkOptions<Options extends object>(
  owner: string,
  options: Options,
  table: OptionTable<NoInfer<Options>>,
): void {
  const refused = (problem: string) => new ConstructError('OPTIONS', `${owner} ${problem}.`);
  const names = Object.keys(table).join(', ');
  if (isReference(options)) {
    throw refused(`has options that only Terraform knows: synth needs each of them by its name. It knows ${names}`);
  }
  if (Object(options) !== options)
    throw refused(`takes an object of options, found ${kind(options)}. It knows ${names}`);

  const unknown = Object.keys(options).find((name) => !Object.hasOwn(table, name));
  if (unknown !== undefined) {
    const found = isReference(unknown) ? 'an option whose name only Terraform knows' : `no option "${unknown}"`;
    throw refused(`has ${found}. It knows ${names}`);
  }

  for (const [name, rule] of Object.entries<Need | Known | Class<unknown> | readonly Class<unknown>[]>(table)) {
    const found: unknown = Reflect.get(options, name);
    checkTexts(`The option ${name} of ${owner}`, found);
    if (isClasses(rule)) {
      const classes = [rule].flat();
      if (classes.some((each) => found instanceof each)) continue;
      const expected = classes.map((each) => each.name.replace(/^_/, '')).join(' or a ');
      const makers = classes.flatMap(factories).join(' or ');
      throw refused(`needs a ${expected} as ${name}, found ${kind(found)}. Make one with ${makers}`);
    }
    const { need, because = '', shapeAlone = true } = typeof rule === 'string' ? { need: rule } : rule;
    if (need === 'required' && found === undefined) throw refused(`needs the option ${name}, found nothing`);
    if (because === '' || !(shapeAlone ? isReference(found) : holdsReference(found))) continue;
    const expected = shapeAlone
      ? `${Array.isArray(found) ? 'a list' : 'an object'}, whose parts may be references`
      : 'a literal';
    throw refused(`has an option ${name} that only Terraform knows: ${because}. Expected ${expected}`);
  }
}

function isClasses(
  rule: Need | Known | Class<unknown> | readonly Class<unknown>[],
): rule is Class<unknown> | readonly Class<unknown>[] {
  return typeof rule === 'function' || Array.isArray(rule);
}

/** What was found, without its value. */
function kind(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (isReference(value)) return 'a value that only Terraform knows';
  return value === null ? 'null' : (Object(value).constructor?.name ?? 'an object');
}

/** How one is made: by the static methods of its class, such as `Schedule.rate`, or by `new`. */
function factories(made: Class<unknown>): string[] {
  const className = made.name.replace(/^_/, '');
  const names = Object.getOwnPropertyNames(made).filter((name) => typeof Reflect.get(made, name) === 'function');
  return names.length > 0 ? names.map((name) => `${className}.${name}`) : [`new ${className}`];
}
