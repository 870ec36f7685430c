const THIS_MACHINE = ['127.0.0.1', '[::1]', 'localhost'];

/** Whether a secret may be sent there: over TLS, or to this machine; and no credential is part of the URL. */
export function isSecure(url: string): boolean {
  return checkSecureUrl('The URL', url) === undefined;
}

/**
 * Why no secret may be sent to a URL – what was found, what is expected – or undefined. A password that is part of it is not
 * repeated.
 * @param name what the URL is called where it is written, such as `issuer`
 */
export function checkSecureUrl(name: string, url: string): string | undefined {
  if (/^[^/?#]*[/\\]{2}[^/\\?#]*@/.test(url)) {
    return `${name} has a user name or a password in it: expected an https:// URL without them. Keep credentials in a secret.`;
  }
  if (URL.canParse(url)) {
    const { protocol, hostname } = new URL(url);
    if (protocol === 'https:' || (protocol === 'http:' && THIS_MACHINE.includes(hostname))) return undefined;
  }
  return `${name} is "${url}": expected an https:// URL. Plain HTTP is accepted only on this machine, http://127.0.0.1:PORT.`;
}
