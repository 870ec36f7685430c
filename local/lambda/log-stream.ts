import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { impliedCall } from '../permissions/implied-call.ts';
import type { RoleSession } from '../permissions/role-session.ts';

export interface LogStreamOptions {
  readonly session: RoleSession;
  readonly logGroupName: string;
  readonly logStreamName: string;
  readonly account: Account;
}

/** Where the lines of one process go. As in AWS, a function whose role may not write its log still runs; its lines are lost. */
export class LogStream {
  readonly #options: LogStreamOptions;
  #isCreated = false;

  constructor(options: LogStreamOptions) {
    this.#options = options;
  }

  /** @returns whether the line was written. The first line creates the stream. */
  write(): boolean {
    this.#isCreated ||= this.#may('logs:CreateLogStream');
    return this.#isCreated && this.#may('logs:PutLogEvents');
  }

  #may(action: string): boolean {
    const { session, logGroupName, logStreamName, account } = this.#options;
    const group = `arn:${account.partition}:logs:${account.region}:${account.id}:log-group:${logGroupName}`;
    try {
      impliedCall(session, { action, resource: `${group}:log-stream:${logStreamName}` }, account);
      return true;
    } catch (error) {
      if (error instanceof AwsError) return false;
      throw error;
    }
  }
}
