import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { impliedCall } from '../permissions/implied-call.ts';
import type { RoleSession } from '../permissions/role-session.ts';

/** What Lambda sends to X-Ray after a traced invocation. As in AWS, a function whose role may not send traces still runs. */
export function sendTraces(session: RoleSession, account: Account): void {
  for (const action of ['xray:PutTraceSegments', 'xray:PutTelemetryRecords']) {
    try {
      impliedCall(session, { action, resource: '*' }, account);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
    }
  }
}
