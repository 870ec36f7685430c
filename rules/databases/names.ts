/** Stands in a pattern for the secret's name, without the prefix that a shared function's secrets have. */
const NAME = '{name}';

/** Whether a declared name differs from secret to secret. */
export const isPattern = (name: string): boolean => name.includes(NAME);

/** How long a name may be, in what the server counts. */
export interface NameLimit {
  readonly most: number;
  readonly unit: 'bytes' | 'characters';
}

export const lengthOf = (name: string, { unit }: NameLimit): number =>
  unit === 'bytes' ? Buffer.byteLength(name) : [...name].length;

/** Why a name of the database cannot be declared, and what to change; undefined if it can. */
export function checkDeclaredName(option: string, name: unknown, limit: NameLimit): string | undefined {
  if (typeof name !== 'string' || name === '') return `${option} has an empty name: expected the name of the database.`;
  const length = lengthOf(name, limit);
  const { most, unit } = limit;
  if (length > most) return `${option} has a name of ${length} ${unit}: expected 1 to ${most} ${unit}.`;
  if (/[$%]\{/.test(name))
    return `${option} has "${name}": Terraform reads its "{" as a template. Choose another name.`;
  const others = name.replace(NAME, '');
  if (!/[{}]/.test(others)) return undefined;
  return `${option} has "${name}": expected braces only in one {name}, which stands for the secret's name.`;
}

/** The name that a pattern has for one secret. */
export function nameFor(pattern: string, secretName: string): string {
  return pattern.split(NAME).join(secretName);
}

/** Whether a pattern gives the name as well, for another secret: who makes that secret would get what is this one's. */
export function isOfPattern(name: string, pattern: string): boolean {
  const [start = '', end] = pattern.split(NAME);
  if (end === undefined) return name === pattern;
  return name.length > start.length + end.length && name.startsWith(start) && name.endsWith(end);
}
