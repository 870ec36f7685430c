import { judgeNamedCall } from '../permissions/judge-named-call.ts';
import { textFields } from '../text-fields.ts';

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html */
export const judgeCall = judgeNamedCall('lambda', {
  resourceOf: ({ FunctionName, Resource }, { partition, region, id }) => {
    const named = Resource ?? FunctionName;
    if (named === undefined || named.startsWith('arn:')) return named ?? '*';
    return `arn:${partition}:lambda:${region}:${id}:function:${named}`;
  },
  passedRole: (input) => textFields(input).Role,
  passedTo: 'lambda.amazonaws.com',
  permissions: { Invoke: 'InvokeFunction' },
});
