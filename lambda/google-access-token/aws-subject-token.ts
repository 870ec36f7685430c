import { createHash, createHmac } from 'node:crypto';
import { type Environment, RotationError } from '../rotation/index.ts';

/**
 * Proof of the function's own role: a request for GetCallerIdentity, signed and not sent. Google sends it to AWS and learns
 * who signed it. The provider that it is for is signed too, so nobody can use it for another one.
 * @param provider `//iam.googleapis.com/projects/…/locations/global/workloadIdentityPools/…/providers/…`
 * @throws CONFIGURATION where the environment holds no AWS credentials
 * @see https://cloud.google.com/iam/docs/workload-identity-federation-with-other-clouds#rest
 */
export function awsSubjectToken(provider: string, environment: Environment, now: Date): string {
  const { AWS_REGION: region, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secret } = environment;
  if (!region || !accessKeyId || !secret) {
    throw new RotationError(
      'CONFIGURATION',
      'AWS_REGION, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not all in the environment, as they are in Lambda.',
    );
  }
  const host = `sts.${region}.amazonaws.com`;
  const query = 'Action=GetCallerIdentity&Version=2011-06-15';
  const date = now.toISOString().replace(/[-:]|\.\d+/g, '');
  const signed: Record<string, string> = {
    host,
    'x-amz-date': date,
    ...(environment.AWS_SESSION_TOKEN && { 'x-amz-security-token': environment.AWS_SESSION_TOKEN }),
    'x-goog-cloud-target-resource': provider,
  };
  const names = Object.keys(signed).join(';');
  const canonical = Object.entries(signed).map(([name, value]) => `${name}:${value}\n`);
  const request = ['POST', '/', query, canonical.join(''), names, sha256('')].join('\n');
  const scope = [date.slice(0, 8), region, 'sts', 'aws4_request'];
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${secret}`);
  const signature = hmac(key, ['AWS4-HMAC-SHA256', date, scope.join('/'), sha256(request)].join('\n')).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope.join('/')}, SignedHeaders=${names}, Signature=${signature}`;
  const headers = Object.entries({ authorization, ...signed }).map(([key, value]) => ({ key, value }));
  return encodeURIComponent(JSON.stringify({ url: `https://${host}?${query}`, method: 'POST', headers }));
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
