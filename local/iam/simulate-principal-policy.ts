import * as v from 'valibot';
import { judgeAsRole } from '../permissions/authorize.ts';
import { action } from './action.ts';
import { existingRole } from './roles.ts';

const Texts = v.optional(v.array(v.string()), []);

const DECISIONS = {
  allowed: 'allowed',
  'denied by a statement': 'explicitDeny',
  'not allowed by any statement': 'implicitDeny',
} as const;

/**
 * Says whether the policies of a role, and its permissions boundary, let it do these actions on these resources. Policies of the
 * resources have no say.
 *
 * @throws NoSuchEntity no such role.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
 */
export const simulatePrincipalPolicy = action(
  v.strictObject({
    PolicySourceArn: v.pipe(v.string(), v.regex(/^arn:[^:]+:iam::\d{12}:role\/.+$/)),
    ActionNames: v.array(v.string()),
    ResourceArns: Texts,
    ContextEntries: v.optional(
      v.array(
        v.strictObject({
          ContextKeyName: v.string(),
          ContextKeyType: v.string(),
          ContextKeyValues: v.array(v.string()),
        }),
      ),
      [],
    ),
  }),
  ({ PolicySourceArn, ActionNames, ResourceArns, ContextEntries }, account) => {
    const role = existingRole(PolicySourceArn.split('/').at(-1) ?? '', account);
    const context = Object.fromEntries(
      ContextEntries.map(({ ContextKeyName, ContextKeyValues: [value, ...more] }) => [
        ContextKeyName,
        more.length === 0 ? value : [value ?? '', ...more],
      ]),
    );
    const asked = ActionNames.flatMap((name) =>
      (ResourceArns.length === 0 ? ['*'] : ResourceArns).map((resource) => ({ action: name, resource, context })),
    );
    return {
      IsTruncated: false,
      EvaluationResults: asked.map((needed) => ({
        EvalActionName: needed.action,
        EvalResourceName: needed.resource,
        EvalDecision: DECISIONS[judgeAsRole(role, needed, account)],
        MatchedStatements: [],
        MissingContextValues: [],
      })),
    };
  },
);
