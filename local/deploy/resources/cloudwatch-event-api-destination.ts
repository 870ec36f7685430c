import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { resourceType } from '../resource-type.ts';

/**
 * Nothing is sent to it here: the account's `message` event says what would be. The connection is made elsewhere.
 *
 * @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudwatch_event_api_destination
 */
export const cloudwatchEventApiDestination = resourceType(
  {
    name: v.pipe(v.string(), v.regex(/^[\w.-]{1,64}$/)),
    description: v.optional(v.string()),
    connection_arn: v.pipe(v.string(), v.regex(/^arn:[^:]+:events:[^:]+:\d{12}:connection\/[\w.-]+\/[\w-]+$/)),
    invocation_endpoint: v.pipe(v.string(), v.regex(/^https:\/\//)),
    http_method: v.picklist(['POST', 'PUT', 'PATCH']),
  },
  ({ name }, { account: { partition, region, id } }) => ({
    id: name,
    arn: `arn:${partition}:events:${region}:${id}:api-destination/${name}/${randomUUID()}`,
  }),
);
