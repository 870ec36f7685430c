import type { Answer } from '../issuers/ask.ts';
import { clockHint } from '../issuers/clocks.ts';
import { stoppedByFirewall } from '../issuers/stopped-by-firewall.ts';
import { RotationError } from '../rotation/index.ts';
import { REFUSALS } from './refusals.ts';

/** The error for what the issuer refuses, by what a user can do about it, with the issuer's own words. */
export function tokenRefused(answer: Answer): RotationError {
  const { host, status, said } = answer;
  const stopped = stoppedByFirewall(answer);
  if (stopped !== undefined) return stopped;
  const { code, remedy } = refusalOf(answer);
  const clocks = clockHint(answer, "the issuer's");
  return new RotationError(code, `${host} refused with ${status}: ${said}. ${remedy}${clocks}`);
}

function refusalOf({ status, said, body }: Answer) {
  const error = typeof body.error === 'string' ? body.error : '';
  const fits = REFUSALS.find(
    (refusal) =>
      (refusal.error?.test(error) ?? true) &&
      (refusal.said?.test(said) ?? true) &&
      (refusal.status === undefined || refusal.status === status),
  );
  // The last of them fits any.
  return fits ?? (REFUSALS.at(-1) as (typeof REFUSALS)[number]);
}
