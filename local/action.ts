import * as v from 'valibot';
import { type Account, rootOf } from './account.ts';
import { AwsError } from './aws-error.ts';
import type { Requester } from './permissions/role-session.ts';

/**
 * One action of an API. All its changes are made before it returns, so no other call can come in between.
 *
 * @param requester who calls. @default the account's root
 */
export type Action<Input, Output> = (input: Input, account: Account, requester?: Requester) => Output;

/** What makes the actions of one service: each refuses input that does not fit its schema. */
export function actionOf(service: {
  /** Such as `Secrets Manager`. */
  readonly name: string;
  /** The service's error for input that it does not accept. */
  readonly invalidInput: string;
}) {
  return function action<Schema extends v.GenericSchema, Output>(
    schema: Schema,
    run: (input: v.InferOutput<Schema>, account: Account, requester: Requester) => Output,
  ): Action<v.InferInput<Schema>, Output> {
    return (input, account, requester = { caller: rootOf(account) }) => {
      const { success, output, issues } = v.safeParse(schema, input, { abortPipeEarly: true });
      if (!success) throw new AwsError(service.invalidInput, reason(issues, service.name));
      return run(output, account, requester);
    };
  };
}

/** What AWS says about a value that does not fit, by the kind of check. */
const CONSTRAINTS: Readonly<Record<string, string>> = {
  min_length: 'Member must have length greater than or equal to',
  max_length: 'Member must have length less than or equal to',
  length: 'Member must have length equal to',
  max_bytes: 'Member must have a length in bytes less than or equal to',
  min_value: 'Member must have value greater than or equal to',
  max_value: 'Member must have value less than or equal to',
};

/**
 * In AWS's words: every member that is missing or does not fit, then what a schema says itself, and last what is not known here. Never
 * the schema library's message: it quotes the value.
 */
function reason(issues: readonly v.BaseIssue<unknown>[], serviceName: string): string {
  const unknown = issues.filter(({ expected }) => expected === 'never');
  const ownWords = issues.filter(({ type }) => type === 'check');
  const misfits = issues.filter((issue) => !unknown.includes(issue) && !ownWords.includes(issue)).map(misfit);
  if (misfits.length > 0) {
    const errors = misfits.length === 1 ? 'validation error' : 'validation errors';
    return `${misfits.length} ${errors} detected: ${misfits.join('; ')}`;
  }
  const [said] = ownWords;
  if (said) return said.message;
  const place = unknown[0] && v.getDotPath(unknown[0]);
  return `${place ?? 'the body'} is not supported by the local ${serviceName}.`;
}

function misfit(issue: v.BaseIssue<unknown>): string {
  const place = memberOf(issue);
  if (issue.input === undefined || issue.input === null) {
    return `Value null at '${place}' failed to satisfy constraint: Member must not be null`;
  }
  const constraint = CONSTRAINTS[issue.type];
  if (constraint) return `Value at '${place}' failed to satisfy constraint: ${constraint} ${issue.requirement}`;
  if (issue.requirement instanceof RegExp) {
    return `Value at '${place}' failed to satisfy constraint: Member must satisfy regular expression pattern: ${issue.requirement.source}`;
  }
  const options = enumOf(issue);
  if (options) {
    return `Value '${issue.input}' at '${place}' failed to satisfy constraint: Member must satisfy enum value set: [${options.join(', ')}]`;
  }
  return `Value at '${place}' failed to satisfy constraint: Member must be ${issue.expected}`;
}

/** The values of a list of choices, which the library puts in quotation marks. Only such short values are quoted. */
function enumOf({ type, expected, input }: v.BaseIssue<unknown>): string[] | undefined {
  if (!['picklist', 'literal'].includes(type) || typeof input !== 'string' || input.length > 64) return undefined;
  return expected?.match(/"([^"]*)"/g)?.map((quoted) => quoted.slice(1, -1));
}

/** As AWS writes the place of a member: `filters.1.member.key`, counted from 1. */
function memberOf(issue: v.BaseIssue<unknown>): string {
  const keys = issue.path?.map(({ key }) => key) ?? [];
  if (keys.length === 0) return 'the body';
  return keys
    .map((key) =>
      typeof key === 'number' ? `${key + 1}.member` : String(key).replace(/^[A-Z]/, (first) => first.toLowerCase()),
    )
    .join('.');
}
