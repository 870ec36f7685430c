import type { Account } from '../account.ts';
import { authorize } from '../permissions/authorize.ts';
import type { Requester } from '../permissions/role-session.ts';
import { textFields } from '../text-fields.ts';
import type { WireCall } from '../wire/protocol.ts';

/**
 * Refuses a call to CloudWatch Logs that the requester may not make.
 *
 * @throws AccessDeniedException the requester may not call the action on that log group.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
 */
export function judgeCall(requester: Requester, { action, input }: WireCall, account: Account): void {
  const { logGroupName = '*', resourceArn } = textFields(input);
  const named = `arn:${account.partition}:logs:${account.region}:${account.id}:log-group:${logGroupName}:log-stream:`;
  const resource = resourceArn ?? named;
  authorize(requester, { action: `logs:${action}`, resource }, account);
}
