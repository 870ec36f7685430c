import type { Answer } from '../issuers/ask.ts';
import { clockHint } from '../issuers/clocks.ts';
import { stoppedByFirewall } from '../issuers/stopped-by-firewall.ts';
import { RotationError, type RotationErrorCode } from '../rotation/index.ts';

/** What Google's words mean for a user: the first line that fits. */
const REFUSALS: readonly (readonly [said: RegExp, code: RotationErrorCode, remedy: string])[] = [
  [
    /SECURITY_POLICY_VIOLATED|VPC_SERVICE_CONTROLS|vpcServiceControls|prohibited by organization's policy/i,
    'PRIVILEGE',
    "VPC Service Controls keep this call out of the account's perimeter. Add an ingress rule for it: the id in Google's message finds " +
      'the call in the audit log.',
  ],
  [
    /USER_PROJECT_DENIED|serviceusage\.services\.use|roles\/serviceusage/,
    'PRIVILEGE',
    'The caller is not allowed to use that quota project. Grant roles/serviceusage.serviceUsageConsumer on it, or correct quotaProject.',
  ],
  [
    /requires a quota project|quota project.*not set/i,
    'CONFIGURATION',
    'Set quotaProject to a project that pays for the call.',
  ],
  [
    /delegat(e|ion chain)s?\b.*(invalid|denied|not)|invalid.*delegate/i,
    'PRIVILEGE',
    'Each of delegates needs roles/iam.serviceAccountTokenCreator on the next, the last one on serviceAccount.',
  ],
  [
    /SERVICE_DISABLED|accessNotConfigured|has not been used in project/,
    'CONFIGURATION',
    "An API is not enabled: gcloud services enable iamcredentials.googleapis.com --project PROJECT, the account's.",
  ],
  [
    /reasonable timeframe|iat and exp|signature expired|InvalidSignatureException.*(expired|not yet)/i,
    'CONFIGURATION',
    "The clocks differ: Google tolerates a few minutes. Set this machine's clock.",
  ],
  [
    /invalid jwt signature|no(t a)? valid verifier|UNAUTHENTICATED|key not found/i,
    'AUTHENTICATION',
    'The key does not belong to the service account (any more). Create a new one and store its JSON file.',
  ],
  [
    /account not found|account_deleted|NOT_FOUND/i,
    'CONFIGURATION',
    'There is no such service account. Correct serviceAccount, or restore it.',
  ],
  [
    /invalid email or user id|not a valid email/i,
    'CONFIGURATION',
    'The user does not exist in the Workspace. Correct subject.',
  ],
  [/invalid_scope|INVALID_ARGUMENT.*scope/i, 'CONFIGURATION', 'Google knows no such scope. Correct scopes.'],
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
  const { status, said } = answer;
  const stopped = stoppedByFirewall(answer);
  if (stopped !== undefined) return stopped;
  const found = REFUSALS.find(([pattern]) => pattern.test(said));
  const [, code, remedy] = found ?? [
    undefined,
    status === 401 ? 'AUTHENTICATION' : 'CONFIGURATION',
    'See what Google says.',
  ];
  const clocks = clockHint(answer, "Google's");
  return new RotationError(code, `Google refuses ${wanted} with ${status}: ${said}. ${remedy}${clocks}`);
}
