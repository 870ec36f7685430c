import { Fn } from 'cdktf';
import {
  checkGoogleTokenOptions,
  DEFAULT_TOKEN_FIELD,
  GOOGLE_HOUR_SECONDS,
  type GoogleTokenOptions,
  googleTokenEnvironment,
} from '../../rules/google-access-token.ts';
import { checkOptions, known, knownShape } from '../checks/check-options.ts';
import { builtInCode } from '../code/function-code.ts';
import { ConstructError } from '../construct-error.ts';
import type { EnvironmentCredentials } from '../from-environment.ts';
import type { SecretCredentials } from '../from-secret.ts';
import { argument, holdsReference, isReference, listOf } from '../terraform/references.ts';
import type { WorkloadIdentity } from '../workload-identity.ts';
import type { RotationNeeds } from './rotation-needs.ts';

/** What `Rotation.googleAccessToken` takes. */
export interface GoogleAccessTokenOptions extends GoogleTokenOptions {
  /** How the function proves who it is: `workloadIdentity({ audience })`, `fromSecret(arn)` or `fromEnvironment(variable)`. */
  readonly credentials: WorkloadIdentity | SecretCredentials | EnvironmentCredentials;
}

/**
 * What the rotation of a Google access token needs.
 * @throws OPTIONS
 */
export function googleAccessTokenNeeds(options: GoogleAccessTokenOptions): RotationNeeds {
  checkOptions('Rotation.googleAccessToken', options, {
    credentials: 'required',
    serviceAccount: 'required',
    scopes: 'required',
    lifetimeSeconds: known('optional', 'it is compared with the schedule'),
    subject: 'optional',
    delegates: knownShape('optional', 'each of them is checked'),
    quotaProject: 'optional',
    field: known('optional', 'it decides what the first version may hold'),
    endpointUrl: known('optional', 'it must not send a credential in the clear'),
  });
  const { credentials, ...token } = options;
  const reason = checkCredentials(credentials) ?? checkGoogleTokenOptions(withoutReferences(token));
  if (reason !== undefined) throw new ConstructError('OPTIONS', `Rotation.googleAccessToken: ${reason}`);
  return {
    code: builtInCode('google-access-token'),
    environment: { ...googleTokenEnvironment({ ...token, scopes: joined(token.scopes) }), ...credentials.environment },
    statements: credentials.statements,
    format: 'json',
    generatedFields: [token.field ?? DEFAULT_TOKEN_FIELD],
    readsEarlierVersions: false,
    otherSecretArns: credentials.kind === 'secret' ? [credentials.secretArn] : [],
    tokenLifetimeSeconds: token.lifetimeSeconds ?? GOOGLE_HOUR_SECONDS,
  } as const;
}

function checkCredentials({ kind }: GoogleAccessTokenOptions['credentials']): string | undefined {
  if (kind !== undefined) return undefined;
  return 'credentials are missing or unknown. Expected workloadIdentity({ audience }), fromSecret(secretArn) or fromEnvironment(variable).';
}

/** What only Terraform knows, such as the address of an account in the same stack, is checked when the function runs. */
function withoutReferences({
  serviceAccount,
  subject,
  delegates,
  quotaProject,
  scopes,
  ...others
}: GoogleTokenOptions): GoogleTokenOptions {
  const known = (address: string) => (isReference(address) ? 'somebody@example.com' : address);
  return {
    ...others,
    serviceAccount: known(serviceAccount),
    ...(subject !== undefined && { subject: known(subject) }),
    ...(quotaProject !== undefined && !isReference(quotaProject) && { quotaProject }),
    ...(delegates !== undefined && { delegates: delegates.map(known) }),
    scopes: holdsReference(scopes) ? ['https://www.googleapis.com/auth/known-to-terraform'] : scopes,
  };
}

/** One text for all of them, whatever refers to them. */
function joined(scopes: readonly string[]): readonly string[] {
  return holdsReference(scopes) ? [Fn.join(' ', isReference(scopes) ? listOf(scopes) : scopes.map(argument))] : scopes;
}
