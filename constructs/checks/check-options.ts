import { ConstructError } from '../construct-error.ts';

/** A class, whether or not its constructor is private. */
interface Class<Instance> {
  readonly name: string;
  readonly prototype: Instance;
  [Symbol.hasInstance](value: unknown): boolean;
}

/**
 * Every option that `Options` declares: whether it may be left out, must be given, or must be made by a class, or by one
 * of several. The compiler refuses a table that lacks one.
 */
export type OptionTable<Options> = {
  readonly [Name in keyof Options]-?: object extends Pick<Options, Name>
    ? 'optional'
    : 'required' | Class<Options[Name]> | readonly Class<Options[Name]>[];
};

/**
 * Refuses what a compiler would: JavaScript has none, and a spread hides a misspelling from TypeScript's.
 * @param owner what takes the options, as its user wrote it
 * @throws OPTIONS
 */
export function checkOptions<Options extends object>(
  owner: string,
  options: Options,
  table: OptionTable<NoInfer<Options>>,
): void {
  const refused = (problem: string) => new ConstructError('OPTIONS', `${owner} ${problem}.`);
  const known = Object.keys(table).join(', ');
  if (Object(options) !== options)
    throw refused(`takes an object of options, found ${kind(options)}. It knows ${known}`);

  const unknown = Object.keys(options).find((name) => !Object.hasOwn(table, name));
  if (unknown !== undefined) throw refused(`has no option "${unknown}". It knows ${known}`);

  for (const [name, need] of Object.entries<string | Class<unknown> | readonly Class<unknown>[]>(table)) {
    const found: unknown = Reflect.get(options, name);
    if (typeof need !== 'string') {
      const classes = [need].flat();
      if (classes.some((each) => found instanceof each)) continue;
      const expected = classes.map((each) => each.name).join(' or a ');
      const makers = classes.flatMap(factories).join(' or ');
      throw refused(`needs a ${expected} as ${name}, found ${kind(found)}. Make one with ${makers}`);
    }
    if (need === 'required' && found === undefined) throw refused(`needs the option ${name}, found nothing`);
  }
}

/** What was found, without its value. */
function kind(value: unknown): string {
  if (value === undefined) return 'nothing';
  return value === null ? 'null' : (Object(value).constructor?.name ?? 'an object');
}

/** How one is made: by the static methods of its class, such as `Schedule.rate`, or by `new`. */
function factories(made: Class<unknown>): string[] {
  const names = Object.getOwnPropertyNames(made).filter((name) => typeof Reflect.get(made, name) === 'function');
  return names.length > 0 ? names.map((name) => `${made.name}.${name}`) : [`new ${made.name}`];
}
