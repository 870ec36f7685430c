import type { Account } from './account.ts';
import type { CallEvent } from './account-events.ts';
import { AwsError } from './aws-error.ts';
import type { Faults } from './faults/faults.ts';
import { strikeAfter, strikeBefore } from './faults/strike.ts';
import { judgeCall } from './iam/judge-call.ts';
import { refusalOf } from './refusal-of.ts';
import { rootOf } from './root-of.ts';
import { actions } from './secrets-manager/actions.ts';
import { beforeNewestChange } from './secrets-manager/before-newest-change.ts';
import { textFields } from './text-fields.ts';

export interface ApiCall {
  /** Such as `GetSecretValue`. */
  readonly action: string;
  readonly input: unknown;
  /** Of the request's signature: tells the function that calls. Any other key is the account's root's. */
  readonly accessKeyId?: string | undefined;
  /** The same in all attempts of an AWS SDK at one call. */
  readonly sdkCallId?: string | undefined;
}

/**
 * Carries out one call of the API: every call that comes over the wire passes here. Who calls; what goes wrong before;
 * whether the caller may; what is done; what goes wrong after.
 *
 * @returns what the action answers, or nothing where its answer has no body.
 * @throws AwsError
 * @throws ConnectionLost a fault takes the answer.
 */
export async function dispatch(
  { action, input, accessKeyId, sdkCallId }: ApiCall,
  account: Account,
  faults: Faults,
): Promise<unknown> {
  const session = accessKeyId === undefined ? undefined : account.functions.sessionOf(accessKeyId);
  const caller = session?.caller ?? rootOf(account);
  const met = faults.meeting({ action, isFunction: session !== undefined, sdkCallId });
  const call: CallEvent = {
    service: 'secretsmanager',
    action,
    caller,
    ...secretIdOf(input),
    ...(met.length > 0 && { faults: met.map(({ kind }) => kind) }),
  };
  let output: unknown;
  try {
    const run = actions.get(action);
    if (!run) {
      throw new AwsError('UnknownOperationException', `"${action}" is no action of the local Secrets Manager.`);
    }
    for (const fault of met) await strikeBefore(fault, session, faults);
    if (session) judgeCall(session, { action, input }, account);
    const isStale = met.some(({ kind }) => kind === 'stale');
    // Each action checks its own input first.
    output = run(input as never, isStale ? beforeNewestChange(account, call.secretId) : account, caller);
  } catch (error) {
    account.events.emit('call', { ...call, ...refusalOf(error) });
    throw error;
  }
  account.events.emit('call', call);
  for (const fault of met) await strikeAfter(fault, session);
  return output;
}

function secretIdOf(input: unknown): { secretId?: string } {
  const { SecretId, Name } = textFields(input);
  const secretId = SecretId ?? Name;
  return secretId === undefined ? {} : { secretId };
}
