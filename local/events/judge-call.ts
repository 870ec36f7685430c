import { judgeNamedCall } from '../permissions/judge-named-call.ts';
import { textFields } from '../text-fields.ts';

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html */
export const judgeCall = judgeNamedCall('events', {
  resourceOf: ({ Name, Rule = Name, ResourceARN }, { partition, region, id }, { action }) => {
    const kind = action.endsWith('ApiDestination') ? 'api-destination' : 'rule';
    return ResourceARN ?? (Rule === undefined ? '*' : `arn:${partition}:events:${region}:${id}:${kind}/${Rule}`);
  },
  // Each target may have one. Terraform sends one target at a time.
  passedRole: (input) => textFields([Object(input).Targets].flat()[0]).RoleArn,
  passedTo: 'events.amazonaws.com',
});
