import { ask } from '../issuers/ask.ts';
import type { Connection } from '../issuers/connection.ts';
import { readSeconds } from '../issuers/read-seconds.ts';
import { RotationError } from '../rotation/index.ts';

export interface TokenInfo {
  readonly scopes: readonly string[];
  readonly expiresInSeconds: number;
}

/**
 * What Google knows of an access token.
 * @returns undefined for a token that Google does not take: expired, revoked, or none of its own
 * @throws what `ask` throws
 * @see https://cloud.google.com/docs/authentication/token-types#access-contents
 */
export async function tokenInfo(token: string, connection: Connection): Promise<TokenInfo | undefined> {
  const body = new URLSearchParams({ access_token: token });
  const answer = await ask({ url: 'https://oauth2.googleapis.com/tokeninfo', body }, connection);
  if (answer.status === 400 || answer.status === 401) return undefined;
  const { scope, expires_in } = answer.body;
  if (answer.status === 200 && typeof scope === 'string') {
    return { scopes: scope.split(' '), expiresInSeconds: readSeconds('expires_in', expires_in) ?? 0 };
  }
  throw new RotationError('SERVICE', `Google's tokeninfo answered with ${answer.status} and without scopes.`);
}
