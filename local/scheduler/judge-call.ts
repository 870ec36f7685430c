import { judgeNamedCall } from '../permissions/judge-named-call.ts';
import { textFields } from '../text-fields.ts';

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html */
export const judgeCall = judgeNamedCall('scheduler', {
  resourceOf: ({ Name, GroupName = 'default' }, { partition, region, id }) =>
    `arn:${partition}:scheduler:${region}:${id}:schedule/${GroupName}/${Name}`,
  passedRole: (input) => textFields((input as { readonly Target?: unknown } | undefined)?.Target).RoleArn,
  passedTo: 'scheduler.amazonaws.com',
});
