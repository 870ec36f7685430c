import { judgeNamedCall } from '../permissions/judge-named-call.ts';

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html */
export const judgeCall = judgeNamedCall('iam', {
  resourceOf: ({ RoleName, Path = '/' }, { partition, id, roles }) =>
    RoleName === undefined ? '*' : (roles.find(RoleName)?.Arn ?? `arn:${partition}:iam::${id}:role${Path}${RoleName}`),
});
