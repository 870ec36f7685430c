/** Whether a text has a whole certificate in PEM: other text may stand around it, as `openssl x509 -text` prints it. */
export function hasCertificate(text: string): boolean {
  return /-----BEGIN CERTIFICATE-----\s*\n([A-Za-z0-9+/]+={0,2}\s*\n)+-----END CERTIFICATE-----/.test(text);
}

/** What is wrong with a `tls.ca` that has none. */
export const NO_CERTIFICATE =
  'tls.ca is not a certificate in PEM: expected the whole file, from -----BEGIN CERTIFICATE----- to ' +
  '-----END CERTIFICATE-----, with its line breaks.';
