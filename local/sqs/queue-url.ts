import type { Account } from '../account.ts';

/** The ARN of the queue at that URL. Undefined if it is none. */
export function queueArn(url: string, { partition }: Account): string | undefined {
  const [, region, id, name] = /^https:\/\/sqs\.([\w-]+)\.amazonaws\.com(?:\.cn)?\/(\d{12})\/([\w-]+)$/.exec(url) ?? [];
  return name === undefined ? undefined : `arn:${partition}:sqs:${region}:${id}:${name}`;
}
