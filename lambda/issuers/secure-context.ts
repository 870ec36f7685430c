import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import type { TlsSettings } from './connection.ts';

/** The host's and the proxy's: only the host is shown the client's certificate. */
const KEPT = 2;
let kept: readonly { readonly settings: TlsSettings; readonly context: SecureContext }[] = [];

/**
 * What a connection trusts, and what it proves who the client is with. It is kept for the next connections: a context with an
 * authority of its own parses all the roots that Node.js knows, which takes longer than the rest of a handshake.
 * @throws what OpenSSL says of PEM that is none, or of a key of another certificate
 */
export function secureContext({ ca, cert, key }: TlsSettings): SecureContext {
  const known = kept.find(({ settings }) => settings.ca === ca && settings.cert === cert && settings.key === key);
  if (known !== undefined) return known.context;
  const context = createSecureContext({ ca: ca === undefined ? undefined : [...rootCertificates, ca], cert, key });
  kept = [{ settings: { ca, cert, key }, context }, ...kept].slice(0, KEPT);
  return context;
}
