import { judgeNamedCall } from '../permissions/judge-named-call.ts';

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html */
export const judgeCall = judgeNamedCall('cloudwatch', {
  resourceOf: ({ AlarmName, ResourceARN }, { partition, region, id }, { input }) => {
    // Terraform names one at a time.
    const [name = AlarmName] = [Object(input).AlarmNames].flat();
    return ResourceARN ?? (name === undefined ? '*' : `arn:${partition}:cloudwatch:${region}:${id}:alarm:${name}`);
  },
});
