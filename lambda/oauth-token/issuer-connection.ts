import { createSecureContext } from 'node:tls';
import type { OauthTokenRequest } from '../../rules/oauth-token.ts';
import type { Connection, TlsSettings } from '../issuers/connection.ts';
import { type RotationContext, RotationError, stringFields } from '../rotation/index.ts';

const certificateSchema = stringFields('certificate', 'private_key');

/**
 * How the issuer is reached, with the client's certificate if there is one.
 * @throws SECRET_VALUE for a certificate, or a key, that is none; CONFIGURATION for an authority that is none
 */
export async function issuerConnection(
  { tls = {}, proxy, secrets: { clientCertificate } }: OauthTokenRequest,
  { signal, secret }: RotationContext,
): Promise<Connection> {
  const { ca } = tls;
  checkTls({ ca }, 'CONFIGURATION', 'tls.ca is no certificate in PEM.');
  if (clientCertificate === undefined) return { signal, proxy, tls: { ca } };
  const { certificate: cert, private_key: key } = await secret(clientCertificate, certificateSchema, ['certificate']);
  checkTls(
    { cert, key },
    'SECRET_VALUE',
    'certificate and private_key of the client certificate do not belong together. Expected PEM, both of them, of one key.',
  );
  return { signal, proxy, tls: { ca, cert, key } };
}

/** OpenSSL's own message helps nobody. */
function checkTls(settings: TlsSettings, code: 'CONFIGURATION' | 'SECRET_VALUE', message: string): void {
  try {
    if (Object.values(settings).some((each) => each !== undefined)) createSecureContext(settings);
  } catch {
    throw new RotationError(code, message);
  }
}
