import { judgeNamedCall } from '../permissions/judge-named-call.ts';
import { textFields } from '../text-fields.ts';

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html */
export const judgeCall = judgeNamedCall('states', {
  resourceOf: ({ stateMachineArn, resourceArn, name }, { partition, region, id }) =>
    stateMachineArn ??
    resourceArn ??
    (name === undefined ? '*' : `arn:${partition}:states:${region}:${id}:stateMachine:${name}`),
  passedRole: (input) => textFields(input).roleArn,
  passedTo: 'states.amazonaws.com',
});
