import { Token } from 'cdktf';
import {
  checkGoogleTokenOptions,
  DEFAULT_TOKEN_FIELD,
  GOOGLE_HOUR_SECONDS,
  type GoogleTokenOptions,
  googleTokenEnvironment,
} from '../../rules/google-access-token.ts';
import { checkOptions } from '../checks/check-options.ts';
import { builtInCode } from '../code/function-code.ts';
import { ConstructError } from '../construct-error.ts';
import type { EnvironmentCredentials } from '../from-environment.ts';
import type { SecretCredentials } from '../from-secret.ts';
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
    lifetimeSeconds: 'optional',
    subject: 'optional',
    delegates: 'optional',
    quotaProject: 'optional',
    field: 'optional',
    endpointUrl: 'optional',
  });
  const { credentials, ...token } = options;
  const reason = checkCredentials(credentials) ?? checkGoogleTokenOptions(withoutTokens(token));
  if (reason !== undefined) throw new ConstructError('OPTIONS', reason);
  return {
    code: builtInCode('google-access-token'),
    environment: { ...googleTokenEnvironment(token), ...credentials.environment },
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
  return 'credentials are none. Expected workloadIdentity({ audience }), fromSecret(secretArn) or fromEnvironment(variable).';
}

/** What Terraform alone knows, such as the address of an account in the same stack, is checked when the function runs. */
function withoutTokens({ serviceAccount, subject, delegates, ...others }: GoogleTokenOptions): GoogleTokenOptions {
  const known = (address: string) => (Token.isUnresolved(address) ? 'somebody@example.com' : address);
  return {
    ...others,
    serviceAccount: known(serviceAccount),
    ...(subject !== undefined && { subject: known(subject) }),
    ...(delegates !== undefined && { delegates: delegates.map(known) }),
  };
}
