import { RotationError } from '../rotation/index.ts';
import { quoted } from './words.ts';

/** A hundred years: more is no life of a token, but a mistake. */
export const MOST_SECONDS = 3_155_760_000;

/**
 * The seconds that an issuer says, as a number or in digits; undefined if it says nothing.
 * @param least the fewest that mean anything
 * @throws SERVICE for anything else
 */
export function readSeconds(
  name: string,
  value: unknown,
  { least = Number.MIN_VALUE, most = MOST_SECONDS } = {},
): number | undefined {
  if (value === undefined || value === null) return undefined;
  const isNumber = typeof value === 'number' || (typeof value === 'string' && /^\d+(\.\d+)?$/.test(value));
  const seconds = isNumber ? Number(value) : Number.NaN;
  if (seconds >= least && seconds <= most) return seconds;
  throw new RotationError('SERVICE', `The issuer says ${name} ${quoted(value)}: expected a number of seconds.`);
}
