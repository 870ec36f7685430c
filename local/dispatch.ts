import type { Account, Caller } from './account.ts';
import { AwsError } from './aws-error.ts';
import { actions } from './secrets-manager/actions.ts';

export interface ApiCall {
  /** Such as `GetSecretValue`. */
  readonly action: string;
  readonly input: unknown;
  readonly caller: Caller;
}

/**
 * Carries out one call of the API: every call that comes over the wire passes here.
 *
 * @returns what the action answers, or nothing where its answer has no body.
 * @throws AwsError
 */
export async function dispatch({ action, input, caller }: ApiCall, account: Account): Promise<unknown> {
  const call = { action, caller, ...secretIdOf(input) };
  try {
    const run = actions.get(action);
    if (!run) {
      throw new AwsError('UnknownOperationException', `"${action}" is no action of the local Secrets Manager.`);
    }
    // Each action checks its own input first.
    const output: unknown = run(input as never, account, caller);
    account.events.emit('call', call);
    return output;
  } catch (error) {
    account.events.emit('call', {
      ...call,
      errorCode: error instanceof AwsError ? error.code : 'InternalServiceError',
    });
    throw error;
  }
}

function secretIdOf(input: unknown): { secretId?: string } {
  if (typeof input !== 'object' || input === null) return {};
  const { SecretId, Name } = input as Record<string, unknown>;
  const secretId = SecretId ?? Name;
  return typeof secretId === 'string' ? { secretId } : {};
}
