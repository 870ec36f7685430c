import type { OauthTokenOptions } from '../../rules/oauth-token.ts';
import type { Connection } from '../issuers/connection.ts';
import { stoppedByFirewall } from '../issuers/stopped-by-firewall.ts';
import { RotationError, type RotationErrorCode } from '../rotation/index.ts';
import { askIssuer } from './ask-issuer.ts';
import { OVER_LIMIT } from './refusals.ts';

/** What an API's refusal means, by its status. A token that it does not know will not get better: POLICY. */
const REFUSALS: Readonly<Record<number, readonly [RotationErrorCode, remedy: string]>> = {
  401: ['POLICY', 'The API does not take the token. The next rotation issues another.'],
  403: [
    'PRIVILEGE',
    'The API accepts the token, but not for this request. Grant what probeUrl needs, or probe something else.',
  ],
};

/**
 * Proves a token by using it: a GET that must answer with 2xx.
 * @throws POLICY, PRIVILEGE, CONFIGURATION by what the API answers
 */
export async function probe(
  token: string,
  { probeUrl: url = '', probeHeader }: OauthTokenOptions,
  connection: Connection,
): Promise<void> {
  const bearer =
    probeHeader === undefined ? { authorization: `Bearer ${token}` } : { headers: { [probeHeader]: token } };
  const question = { url, ...bearer, statusIsEnough: true };
  const answer = await askIssuer(question, connection);
  const { host, status, said } = answer;
  if (status >= 200 && status < 300) return;
  const stopped = stoppedByFirewall(answer);
  if (stopped !== undefined) throw stopped;
  if (OVER_LIMIT.test(said)) {
    throw new RotationError('THROTTLED', `${host} refused the probe: ${said}. Secrets Manager will try again.`);
  }
  const [code, remedy] = REFUSALS[status] ?? [
    'CONFIGURATION',
    'Correct probeUrl: expected an address that answers a GET.',
  ];
  throw new RotationError(code, `${host} refused the probe with ${status}: ${said}. ${remedy}`);
}
