import { page } from '../rules/page.ts';
import { webPageReason } from '../rules/web-page.ts';
import { AwsError } from './aws-error.ts';
import type { RequestHead } from './http-server.ts';
import { signatureOf } from './wire/signature.ts';

/**
 * Refuses a request that a web page in the developer's browser may have sent: what answers here runs code as the developer.
 *
 * @param hostNames names besides loopback that the account may be called by, in lower case
 * @throws AccessDeniedException its Host, Origin or Sec-Fetch-Site is a web page's.
 * @throws MissingAuthenticationTokenException it is not signed as AWS's clients sign.
 */
export function admitRequest(head: RequestHead, hostNames: readonly string[]): void {
  const reason = webPageReason(head.headers, hostNames);
  if (reason !== undefined) {
    throw new AwsError(
      'AccessDeniedException',
      `The local AWS refuses this request because ${reason}. Web pages may not use it: see ${page('local-aws.md')}.`,
      403,
    );
  }
  if (signatureOf(head) !== undefined) return;
  throw unsigned();
}

/** The refusal of a request without a signature. */
export function unsigned(): AwsError {
  return new AwsError(
    'MissingAuthenticationTokenException',
    'Missing Authentication Token: the request has no AWS signature, version 4, in its Authorization header. Use an AWS SDK, ' +
      'the AWS CLI, or curl with --aws-sigv4. Any access key will do.',
    403,
  );
}
