import { isSecure } from './is-secure.ts';

/** What a Google access token is for, as `Rotation.googleAccessToken` takes it. */
export interface GoogleTokenOptions {
  /** The service account that the token is of, by its e-mail address. */
  readonly serviceAccount: string;
  /** What the token may do, as Google spells it: `https://www.googleapis.com/auth/calendar.readonly`. */
  readonly scopes: readonly string[];
  /**
   * How long the token lives, in seconds: 600 to 43,200. For more than 3,600, an organization policy must
   * allow it to the account.
   * @default 3600
   */
  readonly lifetimeSeconds?: number;
  /**
   * The user of a Google Workspace in whose name the token acts (domain-wide delegation), by e-mail address. Such a token
   * lives an hour.
   * @default the service account itself
   */
  readonly subject?: string;
  /**
   * Service accounts, by e-mail address, between who asks and `serviceAccount`: each makes tokens of the next, and the last one
   * of `serviceAccount`.
   * @default none
   */
  readonly delegates?: readonly string[];
  /** The project whose quota pays for the calls, if the credentials' own does not. @default Google decides */
  readonly quotaProject?: string;
  /** The secret's field that holds the token. @default 'GOOGLE_ACCESS_TOKEN' */
  readonly field?: string;
  /**
   * One URL that answers in place of all of Google's, such as a stand-in's; plain HTTP on this machine only.
   * @default Google's own
   */
  readonly endpointUrl?: string;
}

/** The options as the function reads them. */
export interface GoogleTokenRequest
  extends Required<Omit<GoogleTokenOptions, 'subject' | 'endpointUrl' | 'quotaProject'>> {
  readonly quotaProject: string | undefined;
  readonly subject: string | undefined;
  readonly endpointUrl: string | undefined;
}

/** An hour: what an assertion gives, and all that Google allows without an organization policy. */
export const GOOGLE_HOUR_SECONDS = 3_600;

/** The name that applications usually read from their environment. */
export const DEFAULT_TOKEN_FIELD = 'GOOGLE_ACCESS_TOKEN';

const LEAST_SECONDS = 600;
const MOST_SECONDS = 43_200;
const EMAIL = /^[^@\s]+@[^@\s]+\.[^@\s]+$/;

/** Why Google would issue no such token – what was found, what is expected, what to write – or undefined. */
export function checkGoogleTokenOptions(options: GoogleTokenOptions): string | undefined {
  const { serviceAccount, scopes, lifetimeSeconds = GOOGLE_HOUR_SECONDS, subject, endpointUrl } = options;
  const { delegates = [], quotaProject } = options;
  const field = options.field ?? DEFAULT_TOKEN_FIELD;
  if (!EMAIL.test(serviceAccount)) {
    return `serviceAccount is "${serviceAccount}": expected its e-mail address, NAME@PROJECT.iam.gserviceaccount.com.`;
  }
  if (!Array.isArray(scopes) || scopes.length === 0) return 'scopes is empty or not a list: expected one or more.';
  const scope = scopes.find((each) => !/^https:\/\/[!#-[\]-~]+$/.test(each));
  if (scope !== undefined) {
    return `scopes has "${scope}": expected Google's full form, such as https://www.googleapis.com/auth/calendar.readonly.`;
  }
  if (!Number.isInteger(lifetimeSeconds) || lifetimeSeconds < LEAST_SECONDS || lifetimeSeconds > MOST_SECONDS) {
    return `lifetimeSeconds is ${lifetimeSeconds}: expected ${LEAST_SECONDS} to ${MOST_SECONDS}, ten minutes to twelve hours.`;
  }
  if (subject !== undefined && !EMAIL.test(subject))
    return `subject is "${subject}": expected a user's e-mail address.`;
  if (subject !== undefined && lifetimeSeconds !== GOOGLE_HOUR_SECONDS) {
    return `lifetimeSeconds is ${lifetimeSeconds} with a subject: Google's tokens for a user live an hour. Leave it out.`;
  }
  const delegate = delegates.find((each) => !EMAIL.test(each));
  if (delegate !== undefined) {
    return `delegates has "${delegate}": expected a service account's e-mail address, NAME@PROJECT.iam.gserviceaccount.com.`;
  }
  if (quotaProject !== undefined && !/^[a-z\d][\w.:-]*$/i.test(quotaProject)) {
    return `quotaProject is "${quotaProject}": expected a project's id or number.`;
  }
  if (!/^\w+$/.test(field)) return `field is "${field}": expected letters, digits and underscores.`;
  return endpointUrl === undefined ? undefined : checkEndpoint(endpointUrl);
}

/** The options as environment variables of the rotation function. */
export function googleTokenEnvironment(options: GoogleTokenOptions): Record<string, string> {
  const { serviceAccount, scopes, lifetimeSeconds = GOOGLE_HOUR_SECONDS, subject, endpointUrl } = options;
  return {
    GOOGLE_SERVICE_ACCOUNT: serviceAccount,
    GOOGLE_SCOPES: scopes.join(' '),
    GOOGLE_TOKEN_LIFETIME_SECONDS: String(lifetimeSeconds),
    GOOGLE_TOKEN_FIELD: options.field ?? DEFAULT_TOKEN_FIELD,
    ...(subject !== undefined && { GOOGLE_SUBJECT: subject }),
    ...(options.delegates?.length && { GOOGLE_DELEGATES: options.delegates.join(' ') }),
    ...(options.quotaProject !== undefined && { GOOGLE_QUOTA_PROJECT: options.quotaProject }),
    ...(endpointUrl !== undefined && { GOOGLE_ENDPOINT_URL: endpointUrl }),
  };
}

/**
 * The options from environment variables.
 * @throws RangeError with what was found and what was expected
 */
export function readGoogleTokenEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): GoogleTokenRequest {
  const { GOOGLE_SERVICE_ACCOUNT, GOOGLE_SCOPES, GOOGLE_TOKEN_LIFETIME_SECONDS, GOOGLE_TOKEN_FIELD } = environment;
  const { GOOGLE_SUBJECT, GOOGLE_ENDPOINT_URL, GOOGLE_DELEGATES, GOOGLE_QUOTA_PROJECT } = environment;
  const request = {
    serviceAccount: GOOGLE_SERVICE_ACCOUNT ?? '',
    scopes: wordsIn(GOOGLE_SCOPES),
    lifetimeSeconds: Number(GOOGLE_TOKEN_LIFETIME_SECONDS ?? GOOGLE_HOUR_SECONDS),
    field: GOOGLE_TOKEN_FIELD ?? DEFAULT_TOKEN_FIELD,
    subject: GOOGLE_SUBJECT,
    delegates: wordsIn(GOOGLE_DELEGATES),
    quotaProject: GOOGLE_QUOTA_PROJECT,
    endpointUrl: GOOGLE_ENDPOINT_URL,
  };
  const reason = checkGoogleTokenOptions(request as GoogleTokenOptions);
  if (reason !== undefined) throw new RangeError(`The function's environment does not fit: ${reason}`);
  return request;
}

const wordsIn = (text = '') => text.split(' ').filter((word) => word !== '');

/** A token must not cross a network in the clear. */
function checkEndpoint(endpointUrl: string): string | undefined {
  if (isSecure(endpointUrl) && new URL(endpointUrl).origin === endpointUrl) return undefined;
  return `endpointUrl is "${endpointUrl}": expected https://HOST, or http://127.0.0.1:PORT, without a path.`;
}
