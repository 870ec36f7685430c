import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { action } from './action.ts';
import type { ApiDestination } from './rule-store.ts';

const Name = v.pipe(v.string(), v.regex(/^[\w.-]{1,64}$/));
const SETTINGS = {
  Name,
  Description: v.optional(v.string()),
  ConnectionArn: v.pipe(v.string(), v.regex(/^arn:[^:]+:events:[^:]+:\d{12}:connection\/[\w.-]+\/[\w-]+$/)),
  InvocationEndpoint: v.pipe(v.string(), v.regex(/^https:\/\//)),
  HttpMethod: v.picklist(['POST', 'PUT', 'PATCH']),
  InvocationRateLimitPerSecond: v.optional(v.number(), 300),
} as const;

/**
 * Makes an API destination, whose connection is made elsewhere. Nothing is sent to it here: the account's `message` event says what
 * would be.
 *
 * @throws ResourceAlreadyExistsException
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateApiDestination.html
 */
export const createApiDestination = action(v.strictObject(SETTINGS), ({ Name: name, ...settings }, account) => {
  const { partition, region, id, eventRules } = account;
  if (eventRules.apiDestinations.has(name)) {
    throw new AwsError('ResourceAlreadyExistsException', `An api-destination ${name} already exists.`);
  }
  const arn = `arn:${partition}:events:${region}:${id}:api-destination/${name}/${randomUUID()}`;
  eventRules.apiDestinations.set(name, { name, arn, settings });
  return { ApiDestinationArn: arn, ApiDestinationState: 'ACTIVE' };
});

/**
 * @throws ResourceNotFoundException
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_UpdateApiDestination.html
 */
export const updateApiDestination = action(v.strictObject(SETTINGS), ({ Name: name, ...settings }, account) => {
  const { arn } = existing(name, account);
  account.eventRules.apiDestinations.set(name, { name, arn, settings });
  return { ApiDestinationArn: arn, ApiDestinationState: 'ACTIVE' };
});

/**
 * @throws ResourceNotFoundException
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeApiDestination.html
 */
export const describeApiDestination = action(v.strictObject({ Name }), ({ Name: name }, account) => {
  const { arn, settings } = existing(name, account);
  return { Name: name, ApiDestinationArn: arn, ApiDestinationState: 'ACTIVE', ...settings };
});

/** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DeleteApiDestination.html */
export const deleteApiDestination = action(v.strictObject({ Name }), ({ Name: name }, account): object => {
  account.eventRules.apiDestinations.delete(existing(name, account).name);
  return {};
});

/** @throws ResourceNotFoundException */
function existing(name: string, { eventRules }: Account): ApiDestination {
  const found = eventRules.apiDestinations.get(name);
  if (found) return found;
  throw new AwsError('ResourceNotFoundException', `Failed to describe the api-destination(s). ${name} does not exist.`);
}
