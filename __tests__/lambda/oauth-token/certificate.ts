import { selfSignedCertificate } from '../../../harness/self-signed-certificate.ts';

export interface Certificate {
  readonly key: string;
  /** PEM: whoever trusts it as an authority trusts the server. */
  readonly cert: string;
}

/** A certificate for a server on this machine, its own authority. */
export function certificate(...names: readonly string[]): Certificate {
  const { certificate: cert, privateKey: key } = selfSignedCertificate('127.0.0.1', ...names);
  return { key, cert };
}
