import { judgeNamedCall } from '../permissions/judge-named-call.ts';

/**
 * What names a subscription alone is judged on every resource, as in AWS.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
 */
export const judgeCall = judgeNamedCall('sns', {
  resourceOf: ({ TopicArn, ResourceArn, Name }, { partition, region, id }) =>
    TopicArn ?? ResourceArn ?? (Name === undefined ? '*' : `arn:${partition}:sns:${region}:${id}:${Name}`),
});
