import type { Connection } from '../issuers/connection.ts';
import { RotationError } from '../rotation/index.ts';
import { askIssuer } from './ask-issuer.ts';
import type { ClientProof } from './client-authentication.ts';
import type { TokenFacts } from './token-facts.ts';
import { tokenRefused } from './token-refused.ts';

/**
 * What the issuer knows of a token that is active.
 * @throws POLICY for one that is not; AUTHENTICATION, PRIVILEGE, CONFIGURATION if the client may not ask
 * @see https://www.rfc-editor.org/rfc/rfc7662
 */
export async function introspect(
  token: string,
  url: string,
  proof: ClientProof,
  connection: Connection,
): Promise<TokenFacts> {
  const body = () => new URLSearchParams({ token, token_type_hint: 'access_token', ...proof.fields() });
  const answer = await askIssuer({ url, body, authorization: proof.authorization }, connection);
  if (answer.status !== 200) throw tokenRefused(answer);
  if (answer.body.active === true) return answer.body;
  throw new RotationError(
    'POLICY',
    'The issuer says that the token is not active: it expired, was revoked, or this client may not ask about it.',
  );
}
