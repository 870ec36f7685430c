import type { Answer } from '../issuers/ask.ts';
import { clockHint } from '../issuers/clocks.ts';
import { RotationError, type RotationErrorCode } from '../rotation/index.ts';

type Refusal = readonly [RotationErrorCode, remedy: string];

const WRONG_CLIENT: Refusal = [
  'AUTHENTICATION',
  "The client's id or secret is wrong, or it proves itself in another way. Correct the client's secret, or authentication.",
];
const WRONG_AUDIENCE: Refusal = [
  'PRIVILEGE',
  'The client may not have a token for this API. Grant it (Auth0: APIs, Machine to Machine Applications), or correct audience.',
];

/** What the issuer's `error` means for a user. @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2 */
const REFUSALS: Readonly<Record<string, Refusal>> = {
  invalid_client: WRONG_CLIENT,
  invalid_target: WRONG_AUDIENCE,
  invalid_scope: ['PRIVILEGE', 'The client may not have this scope. Grant it, or correct scope.'],
  unauthorized_client: ['PRIVILEGE', 'The client may not use client credentials. Grant it.'],
  invalid_request: ['CONFIGURATION', 'Correct audience, resource, scope or authentication.'],
};

/** The error for what the issuer refuses, by what a user can do about it, with the issuer's own words. */
export function tokenRefused(answer: Answer, host: string): RotationError {
  const { status, body } = answer;
  const { error, error_description } = body;
  const said = [error, error_description].filter((word) => typeof word === 'string').join(': ') || 'no reason';
  const [code, remedy] = refusalOf(status, error, String(error_description));
  const clocks = clockHint(answer, "the issuer's");
  return new RotationError(code, `${host} refused with ${status}: ${said.slice(0, 300)}. ${remedy}${clocks}`);
}

function refusalOf(status: number, error: unknown, description: string): Refusal {
  const known = typeof error === 'string' && Object.hasOwn(REFUSALS, error) ? REFUSALS[error] : undefined;
  if (known !== undefined) return known;
  // Auth0 says access_denied for a wrong secret, and for an API that the client was not granted.
  if (error === 'access_denied' && /not authorized to access|service not (enabled|found)|audience/i.test(description)) {
    return WRONG_AUDIENCE;
  }
  if (error === 'access_denied' || status === 401) return WRONG_CLIENT;
  return ['CONFIGURATION', 'Is that the token endpoint, and does it know client credentials?'];
}
