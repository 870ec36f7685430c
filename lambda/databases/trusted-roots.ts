import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';

/**
 * Where Lambda's Node.js runtimes keep the roots of Amazon's own services, RDS among them, which Node.js does not load.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
 */
const AMAZON_ROOTS = '/var/runtime/ca-cert.pem';

/** What a server's certificate may come from: the one root that is given, or else those of Amazon and of Node.js. */
export function trustedRoots(ca: string | undefined): readonly string[] {
  return ca === undefined ? [...rootCertificates, ...amazonRoots()] : [ca];
}

function amazonRoots(): readonly string[] {
  try {
    return [readFileSync(AMAZON_ROOTS, 'utf8')];
  } catch {
    return []; // Not in Lambda.
  }
}
