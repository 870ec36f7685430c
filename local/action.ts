import * as v from 'valibot';
import { type Account, type Caller, rootOf } from './account.ts';
import { AwsError } from './aws-error.ts';

/**
 * One action of an API. All its changes are made before it returns, so no other call can come in between.
 *
 * @param caller who calls. @default the account's root
 */
export type Action<Input, Output> = (input: Input, account: Account, caller?: Caller) => Output;

/** What makes the actions of one service: each refuses input that does not fit its schema. */
export function actionOf(service: {
  /** Such as `Secrets Manager`. */
  readonly name: string;
  /** The service's error for input that it does not accept. */
  readonly invalidInput: string;
}) {
  return function action<Schema extends v.GenericSchema, Output>(
    schema: Schema,
    run: (input: v.InferOutput<Schema>, account: Account, caller: Caller) => Output,
  ): Action<v.InferInput<Schema>, Output> {
    return (input, account, caller = rootOf(account)) => {
      const { success, output, issues } = v.safeParse(schema, input, { abortEarly: true });
      if (!success) throw new AwsError(service.invalidInput, reason(issues[0], service.name));
      return run(output, account, caller);
    };
  };
}

const CONSTRAINTS: Readonly<Record<string, string>> = {
  min_length: 'Member must have length greater than or equal to',
  max_length: 'Member must have length less than or equal to',
  max_bytes: 'Member must have a length in bytes less than or equal to',
  min_value: 'Member must have value greater than or equal to',
  max_value: 'Member must have value less than or equal to',
};

/** In AWS's words. Never the schema library's message: it quotes the value. */
function reason(issue: v.BaseIssue<unknown>, serviceName: string): string {
  if (issue.type === 'check') return issue.message;
  const place = v.getDotPath(issue) ?? 'the body';
  if (issue.expected === 'never') return `${place} is not supported by the local ${serviceName}.`;
  const constraint = CONSTRAINTS[issue.type];
  const expected = constraint ? `${constraint} ${issue.requirement}` : `Member must be ${issue.expected}`;
  return `1 validation error detected: Value at '${place}' failed to satisfy constraint: ${expected}`;
}
