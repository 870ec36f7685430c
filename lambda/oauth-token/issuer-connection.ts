import { createSecureContext } from 'node:tls';
import type { OauthTokenRequest } from '../../rules/oauth-token.ts';
import type { Connection } from '../issuers/connection.ts';
import { otherSecret } from '../issuers/other-secret.ts';
import { secureContext } from '../issuers/secure-context.ts';
import { type RotationContext, RotationError, stringFields } from '../rotation/index.ts';

const certificateSchema = stringFields('certificate', 'private_key');

/**
 * How the issuer is reached, with the client's certificate if there is one.
 * @throws SECRET_VALUE for a certificate, or a key, that is none; CONFIGURATION for an authority that is none
 */
export async function issuerConnection(
  { tls = {}, proxy, secrets: { clientCertificate } }: OauthTokenRequest,
  context: RotationContext,
): Promise<Connection> {
  const { signal } = context;
  const { ca } = tls;
  checkTls('CONFIGURATION', 'tls.ca is not a certificate in PEM.', () => ca && createSecureContext({ ca }));
  if (clientCertificate === undefined) return { signal, proxy, tls: { ca } };
  const stored = await otherSecret(context, clientCertificate, certificateSchema, ['certificate']);
  const { certificate: cert, private_key: key } = stored;
  checkTls(
    'SECRET_VALUE',
    'certificate and private_key of the client certificate do not belong together. Expected PEM, both of them, of one key.',
    () => secureContext({ ca, cert, key }),
  );
  return { signal, proxy, tls: { ca, cert, key } };
}

/** OpenSSL's own message helps nobody. */
function checkTls(code: 'CONFIGURATION' | 'SECRET_VALUE', message: string, parse: () => unknown): void {
  try {
    parse();
  } catch {
    throw new RotationError(code, message);
  }
}
