import { X509Certificate } from 'node:crypto';
import type { OauthTokenRequest } from '../../rules/oauth-token.ts';
import type { Connection } from '../issuers/connection.ts';
import { otherSecret } from '../issuers/other-secret.ts';
import { secureContext } from '../issuers/secure-context.ts';
import { type RotationContext, RotationError, stringFields } from '../rotation/index.ts';

const certificateSchema = stringFields('certificate', 'private_key');

const NO_AUTHORITY =
  'tls.ca is not a certificate in PEM. Expected the whole file from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----, ' +
  'with its line breaks, not with \\n in their place.';

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
  checkTls('CONFIGURATION', NO_AUTHORITY, () => certificatesIn(ca).map((each) => new X509Certificate(each)));
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

/** Each of them by itself: OpenSSL would pass over one that is none. */
function certificatesIn(ca: string | undefined): readonly string[] {
  if (ca === undefined) return [];
  return ca.match(/-----BEGIN [\s\S]*?(?=-----BEGIN |$)/g) ?? [ca];
}

/** OpenSSL's own message helps nobody. */
function checkTls(code: 'CONFIGURATION' | 'SECRET_VALUE', message: string, parse: () => unknown): void {
  try {
    parse();
  } catch {
    throw new RotationError(code, message);
  }
}
