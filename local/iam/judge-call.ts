import { judgeNamedCall } from '../permissions/judge-named-call.ts';

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html */
export const judgeCall = judgeNamedCall('iam', {
  resourceOf: ({ RoleName, PolicyName, PolicyArn, PolicySourceArn, Path = '/' }, { partition, id, roles }) => {
    const arn = `arn:${partition}:iam::${id}`;
    if (RoleName !== undefined) return roles.find(RoleName)?.Arn ?? `${arn}:role${Path}${RoleName}`;
    return PolicyArn ?? PolicySourceArn ?? (PolicyName === undefined ? '*' : `${arn}:policy${Path}${PolicyName}`);
  },
});
