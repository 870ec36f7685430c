import type { Account } from './account.ts';
import type { Action } from './action.ts';
import { judgeCall } from './iam/judge-call.ts';
import type { RoleSession } from './iam/role-session.ts';
import { actions as logsActions } from './logs/actions.ts';
import { judgeCall as judgeLogsCall } from './logs/judge-call.ts';
import { actions as secretsManagerActions } from './secrets-manager/actions.ts';

/** One of AWS's services, as far as it answers here. */
export interface Service {
  /** As IAM and the account's events name it. */
  readonly id: 'secretsmanager' | 'logs';
  /** As people do. */
  readonly name: string;
  readonly actions: ReadonlyMap<string, Action<never, unknown>>;
  /** @throws AccessDeniedException the role that calls may not. */
  readonly judge: (
    session: RoleSession,
    call: { readonly action: string; readonly input: unknown },
    account: Account,
  ) => void;
}

/** Every service that answers here, by what stands before the action in the header `X-Amz-Target`. */
export const services: ReadonlyMap<string, Service> = new Map<string, Service>([
  [
    'secretsmanager',
    { id: 'secretsmanager', name: 'Secrets Manager', actions: secretsManagerActions, judge: judgeCall },
  ],
  ['Logs_20140328', { id: 'logs', name: 'CloudWatch Logs', actions: logsActions, judge: judgeLogsCall }],
]);
