import type { RotationErrorCode } from '../rotation/index.ts';

/** What a refusal looks like, and what it means for a user. What is left out fits any. */
export interface Refusal {
  /** OAuth's code, or the provider's own. */
  readonly error?: RegExp;
  readonly status?: number;
  /** The issuer's words. */
  readonly said?: RegExp;
  readonly code: RotationErrorCode;
  readonly remedy: string;
}

const CLIENT =
  "The client's id or secret is wrong, or it proves itself in another way. Correct the client's secret, or authentication.";
const GRANT_API =
  'The client is not allowed to have a token for this API. Grant it (Auth0: APIs, Machine to Machine Applications), or correct audience.';

/** Salesforce has it with 403. */
export const OVER_LIMIT = /REQUEST_LIMIT_EXCEEDED/;

/**
 * What issuers document of their refusals; the first that fits counts. What is special stands before what is general.
 * @see docs/oauth.md, which says whose each of them is
 */
export const REFUSALS: readonly Refusal[] = [
  // Entra: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
  {
    said: /AADSTS7000222/,
    code: 'AUTHENTICATION',
    remedy: "The client's secret has expired. Make a new one and store it.",
  },
  {
    said: /AADSTS700024/,
    code: 'CONFIGURATION',
    remedy: 'The time of the assertion is wrong. Set the clock.',
  },
  {
    said: /AADSTS(700027|50012|5000224)/,
    code: 'AUTHENTICATION',
    remedy: 'The issuer knows no such certificate of the client. Upload it, or correct assertion.thumbprint.',
  },
  {
    said: /AADSTS700016/,
    code: 'AUTHENTICATION',
    remedy: 'The tenant has no such client. Correct client_id, or the tenant in tokenEndpoint.',
  },
  { said: /AADSTS(90002|900023)/, code: 'CONFIGURATION', remedy: 'There is no such tenant. Correct tokenEndpoint.' },
  {
    said: /AADSTS(500011|650057|50001)/,
    code: 'PRIVILEGE',
    remedy: 'The tenant has no such API. Correct scope, or have the API added to the tenant.',
  },
  {
    said: /AADSTS(1002012|70011)/,
    code: 'CONFIGURATION',
    remedy: 'Correct scope: for a client itself it ends in /.default, such as api://orders/.default.',
  },
  {
    said: /AADSTS(53003|7000112|7000218)/,
    code: 'PRIVILEGE',
    remedy: "See the client's state, and what Conditional Access allows.",
  },
  // DPoP (RFC 9449): Okta's default for new services.
  {
    error: /^(invalid_dpop_proof|use_dpop_nonce)$/,
    code: 'CONFIGURATION',
    remedy:
      'The issuer binds tokens to a key (DPoP), which a stored token cannot be. Give the client bearer tokens (Okta: turn off "Require DPoP").',
  },
  // Okta: https://developer.okta.com/docs/reference/api/oidc/
  { said: /must use the private_key_jwt/i, code: 'CONFIGURATION', remedy: "Use authentication: 'private_key_jwt'." },
  {
    said: /audience claim for client_assertion|aud.{0,20}claim.*assertion|assertion.*\baudience\b/i,
    code: 'CONFIGURATION',
    remedy: 'The assertion is for another audience. Set assertion.audience, for Okta and Entra to the token endpoint.',
  },
  {
    error: /^access_denied$/,
    said: /policy evaluation failed/i,
    code: 'PRIVILEGE',
    remedy: 'An access policy of the authorization server has no rule for this client. Add one.',
  },
  // Auth0: https://auth0.com/docs/api/authentication/client-credential-flow/get-token
  {
    said: /organization/i,
    code: 'CONFIGURATION',
    remedy:
      "The client, or its grant, is for other organizations. Correct parameters: { organization: 'org_…' }, or the grant.",
  },
  {
    error: /^access_denied$/,
    said: /not been granted scopes/i,
    code: 'PRIVILEGE',
    remedy: 'The client is not allowed to have this scope. Grant it, or correct scope.',
  },
  {
    error: /^access_denied$/,
    said: /not authorized to access|service not (enabled|found)|audience/i,
    code: 'PRIVILEGE',
    remedy: GRANT_API,
  },
  { error: /^access_denied$/, code: 'AUTHENTICATION', remedy: CLIENT },
  // Keycloak: a wrong secret, and a client without a service account, have the same code.
  {
    error: /^unauthorized_client$/,
    said: /client credentials|client secret|client_assertion|UNKNOWN_CLIENT|invalid client/i,
    code: 'AUTHENTICATION',
    remedy: CLIENT,
  },
  {
    error: /^unauthorized_client$/,
    said: /service account/i,
    code: 'PRIVILEGE',
    remedy: 'Give the client a service account (Keycloak: Service accounts roles).',
  },
  // Salesforce: https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_flow_errors.htm
  {
    said: /not supported on this domain/i,
    code: 'CONFIGURATION',
    remedy: 'Ask at your own domain: tokenEndpoint https://MY-DOMAIN.my.salesforce.com/services/oauth2/token.',
  },
  {
    said: /no client credentials user/i,
    code: 'PRIVILEGE',
    remedy: 'Name the user that the client acts as (Salesforce: Policies, Client Credentials Flow, Run As).',
  },
  { said: OVER_LIMIT, code: 'THROTTLED', remedy: 'Secrets Manager will try again.' },
  {
    error: /^inactive_(user|org)$/,
    code: 'PRIVILEGE',
    remedy: 'The user, or the organization, that the client acts for is not active.',
  },
  { error: /^invalid_client(_id|_credentials)?$/, code: 'AUTHENTICATION', remedy: CLIENT },
  // Shopify: https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/client-credentials-grant
  { error: /^(application_cannot_be_found|app_not_found)$/, code: 'AUTHENTICATION', remedy: CLIENT },
  {
    error: /^(shop_not_permitted|app_not_installed)$/,
    code: 'PRIVILEGE',
    remedy: "Install the app in the shop. Both must be the same organization's.",
  },
  // OAuth: https://www.rfc-editor.org/rfc/rfc6749#section-5.2
  { error: /^(invalid_target|invalid_resource)$/, code: 'PRIVILEGE', remedy: GRANT_API },
  {
    error: /^(invalid_scope|insufficient_scope)$/,
    code: 'PRIVILEGE',
    remedy: 'The client is not allowed to have this scope. Grant it, or correct scope.',
  },
  {
    error: /^unauthorized_client$/,
    code: 'PRIVILEGE',
    remedy: 'The client is not allowed to use client credentials. Grant it.',
  },
  {
    error: /^unsupported_grant_type$/,
    code: 'PRIVILEGE',
    remedy: 'The issuer, or this client, does not support client credentials. Grant them, or correct tokenEndpoint.',
  },
  {
    error: /^invalid_request$/,
    code: 'CONFIGURATION',
    remedy: 'Correct audience, resource, scope, parameters or authentication.',
  },
  { error: /^(temporarily_unavailable|server_error)$/, code: 'SERVICE', remedy: 'Secrets Manager will try again.' },
  {
    error: /^(slow_down|too_many_requests|rate_limit_exceeded)$/,
    code: 'THROTTLED',
    remedy: 'Secrets Manager will try again.',
  },
  // No code that is known.
  { status: 401, code: 'AUTHENTICATION', remedy: CLIENT },
  { status: 404, code: 'CONFIGURATION', remedy: 'There is no token endpoint. Correct issuer, or tokenEndpoint.' },
  { code: 'CONFIGURATION', remedy: 'Is that the token endpoint, and does it support client credentials?' },
];
