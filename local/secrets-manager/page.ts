import * as v from 'valibot';
import { AwsError } from '../aws-error.ts';

/** The fields for reading a list page by page. */
export const PAGE = {
  MaxResults: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100))),
  NextToken: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(4096))),
} as const;

/**
 * One page of a list, and the token for the next page. The token is a position, so changes in between may show.
 *
 * @throws InvalidNextTokenException the token did not come from an earlier page.
 */
export function page<Item>(
  items: readonly Item[],
  { MaxResults = 100, NextToken }: { MaxResults?: number | undefined; NextToken?: string | undefined },
): { items: Item[]; NextToken?: string } {
  const start = NextToken === undefined ? 0 : Number(Buffer.from(NextToken, 'base64url').toString() || Number.NaN);
  if (!Number.isInteger(start) || start < 0) {
    throw new AwsError('InvalidNextTokenException', 'The NextToken value is invalid.');
  }
  const end = start + MaxResults;
  const rest = end < items.length ? { NextToken: Buffer.from(String(end)).toString('base64url') } : {};
  return { items: items.slice(start, end), ...rest };
}
