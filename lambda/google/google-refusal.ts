import type { Answer } from '../issuers/ask.ts';
import { clockHint } from '../issuers/clocks.ts';
import { RotationError, type RotationErrorCode } from '../rotation/index.ts';

/** What Google's words mean for a user: the first line that fits. */
const REFUSALS: readonly (readonly [said: RegExp, code: RotationErrorCode, remedy: string])[] = [
  [
    /SERVICE_DISABLED|accessNotConfigured|has not been used in project/,
    'CONFIGURATION',
    "An API is not enabled: gcloud services enable iamcredentials.googleapis.com --project PROJECT, the account's.",
  ],
  [
    /reasonable timeframe|iat and exp|signature expired|InvalidSignatureException.*(expired|not yet)/i,
    'CONFIGURATION',
    "The clocks differ: Google takes a few minutes. Set this machine's.",
  ],
  [
    /invalid jwt signature|no(t a)? valid verifier|UNAUTHENTICATED|key not found/i,
    'AUTHENTICATION',
    'The key is none of the service account (any more). Make a new one and store its JSON file.',
  ],
  [
    /account not found|account_deleted|NOT_FOUND/i,
    'CONFIGURATION',
    'There is no such service account. Correct serviceAccount, or restore it.',
  ],
  [/invalid email or user id|not a valid email/i, 'CONFIGURATION', 'The Workspace has no such user. Correct subject.'],
  [/invalid_scope/, 'CONFIGURATION', 'Google knows no such scope. Correct scopes.'],
  [
    /attribute condition/i,
    'PRIVILEGE',
    "The provider's attribute condition does not let this function's role in. Add the role to it.",
  ],
  [
    /unauthorized_client|access_denied|admin_policy_enforced/,
    'PRIVILEGE',
    "The service account has no domain-wide delegation for all of these scopes. Add its client id and scopes in the Workspace's admin console.",
  ],
  [
    /invalid_target/,
    'CONFIGURATION',
    'There is no such workload identity provider, or it is disabled. Correct audience.',
  ],
  [
    /PERMISSION_DENIED/,
    'PRIVILEGE',
    'Grant roles/iam.serviceAccountTokenCreator on the service account – to itself with a key – or roles/iam.workloadIdentityUser to the ' +
      "function's role.",
  ],
];

/**
 * The error for what Google refuses, by what a user can do about it. Google's own words stand in it: they quote no credential.
 * @param wanted such as `an access token for NAME@PROJECT.iam.gserviceaccount.com`
 */
export function googleRefusal(answer: Answer, wanted: string): RotationError {
  const { status } = answer;
  const said = wordsOf(answer);
  const found = REFUSALS.find(([pattern]) => pattern.test(said));
  const [, code, remedy] = found ?? [
    undefined,
    status === 401 ? 'AUTHENTICATION' : 'CONFIGURATION',
    'See what Google says.',
  ];
  const clocks = clockHint(answer, "Google's");
  return new RotationError(code, `Google refuses ${wanted} with ${status}: ${said}. ${remedy}${clocks}`);
}

/** OAuth has `error` and `error_description`; the other APIs an object with status, message and reasons. */
export function wordsOf({ body: { error, error_description } }: Answer): string {
  const { status, message, details } = Object(error) as Record<string, unknown>;
  const reasons = Array.isArray(details) ? details.map((detail) => Object(detail).reason) : [];
  const words = typeof error === 'object' ? [status, message, ...reasons] : [error, error_description];
  return (
    words
      .filter((word) => typeof word === 'string')
      .join(', ')
      .slice(0, 500) || 'no reason'
  );
}
