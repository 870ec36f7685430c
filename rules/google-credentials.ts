import { CREDENTIALS_VARIABLE, readSecretId } from './secret-id.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** How the function proves to Google who it is. */
export type GoogleCredentials =
  | { readonly audience: string }
  | { readonly secretId: string }
  | { readonly keyBase64: string };

/** The provider of a workload identity pool, which trusts the function's role. */
export const AUDIENCE_VARIABLE = 'WORKLOAD_IDENTITY_AUDIENCE';
/** A service account's JSON key file. */
export const KEY_VARIABLE = 'GOOGLE_KEY_BASE64';

const VARIABLES = [AUDIENCE_VARIABLE, CREDENTIALS_VARIABLE, KEY_VARIABLE];
const PROVIDER =
  /^\/\/iam\.googleapis\.com\/projects\/\d+\/locations\/global\/workloadIdentityPools\/[^/]+\/providers\/[^/]+$/;

/** Why no provider has this name; undefined if one may have it. */
export function checkAudience(audience: string): string | undefined {
  if (PROVIDER.test(audience)) return undefined;
  return (
    `The audience is "${audience}". Expected the provider's whole name, with the project's number: ` +
    '//iam.googleapis.com/projects/123456789/locations/global/workloadIdentityPools/POOL/providers/PROVIDER.'
  );
}

/**
 * The credentials that the environment names.
 * @throws RangeError for none, for more than one, and for what cannot be right
 */
export function readGoogleCredentials(environment: Environment): GoogleCredentials {
  const given = VARIABLES.filter((name) => environment[name] !== undefined);
  if (given.length !== 1) {
    const found = given.length === 0 ? 'no credentials' : given.join(' and ');
    throw new RangeError(`The function's environment names ${found}: expected one of ${VARIABLES.join(', ')}.`);
  }
  const secretId = readSecretId(environment, CREDENTIALS_VARIABLE);
  if (secretId !== undefined) return { secretId };
  const { [AUDIENCE_VARIABLE]: audience, [KEY_VARIABLE]: keyBase64 = '' } = environment;
  if (audience === undefined) {
    if (keyBase64.trim() !== '') return { keyBase64 };
    throw new RangeError(`${KEY_VARIABLE} is empty: expected a service account's JSON key file in Base64.`);
  }
  const reason = checkAudience(audience);
  if (reason !== undefined) throw new RangeError(`The function's environment does not fit: ${reason}`);
  return { audience };
}
