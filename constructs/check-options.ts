import { ConstructError } from './construct-error.ts';

/** A class, whether or not its constructor is private. */
interface Class<Instance> {
  readonly name: string;
  readonly prototype: Instance;
  [Symbol.hasInstance](value: unknown): boolean;
}

/**
 * Every option that `Options` declares: whether it may be left out, must be given, or must be made by a class. The
 * compiler refuses a table that lacks one.
 */
export type OptionTable<Options> = {
  readonly [Name in keyof Options]-?: object extends Pick<Options, Name>
    ? 'optional'
    : 'required' | Class<Options[Name]>;
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

  for (const [name, need] of Object.entries<string | Class<unknown>>(table)) {
    const found: unknown = Reflect.get(options, name);
    if (typeof need !== 'string') {
      if (found instanceof need) continue;
      throw refused(`needs a ${need.name} as ${name}, found ${kind(found)}. Make one with ${factories(need)}`);
    }
    if (need === 'required' && found === undefined) throw refused(`needs the option ${name}, found nothing`);
  }
}

/** What was found, without its value. */
function kind(value: unknown): string {
  if (value === undefined) return 'nothing';
  return value === null ? 'null' : (Object(value).constructor?.name ?? 'an object');
}

/** The static methods of a class: `Schedule.rate or Schedule.cron`. */
function factories(made: Class<unknown>): string {
  const names = Object.getOwnPropertyNames(made).filter((name) => typeof Reflect.get(made, name) === 'function');
  return names.map((name) => `${made.name}.${name}`).join(' or ');
}
