const THIS_MACHINE = ['127.0.0.1', '[::1]', 'localhost'];

/** Whether a secret may be sent there: not across a network in the clear. */
export function isSecure(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || (protocol === 'http:' && THIS_MACHINE.includes(hostname));
}
