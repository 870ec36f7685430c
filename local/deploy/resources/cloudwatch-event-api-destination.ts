import * as v from 'valibot';
import { createApiDestination } from '../../events/api-destinations.ts';
import { resourceType } from '../resource-type.ts';

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudwatch_event_api_destination */
export const cloudwatchEventApiDestination = resourceType(
  {
    name: v.string(),
    description: v.optional(v.string()),
    connection_arn: v.string(),
    invocation_endpoint: v.string(),
    http_method: v.picklist(['POST', 'PUT', 'PATCH']),
  },
  ({ name, description, connection_arn, invocation_endpoint, http_method }, { account }) => {
    const { ApiDestinationArn } = createApiDestination(
      {
        Name: name,
        Description: description,
        ConnectionArn: connection_arn,
        InvocationEndpoint: invocation_endpoint,
        HttpMethod: http_method,
      },
      account,
    );
    return { id: name, arn: ApiDestinationArn };
  },
);
