import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { selfSignedCertificate } from '../../../harness/self-signed-certificate.ts';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
  /** The file with `cert`: whoever has it as `NODE_EXTRA_CA_CERTS` trusts the server. */
  readonly certFile: string;
  remove(): void;
}

/** A certificate for 127.0.0.1, its own authority. */
export function certificate(): Certificate {
  const { certificate: cert, privateKey: key } = selfSignedCertificate('127.0.0.1');
  const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-issuer-'));
  const certFile = path.join(folder, 'cert.pem');
  writeFileSync(certFile, cert);
  return { key, cert, certFile, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
