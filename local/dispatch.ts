import type { Account } from './account.ts';
import type { CallEvent } from './account-events.ts';
import { AwsError } from './aws-error.ts';
import type { Faults } from './faults/faults.ts';
import { strikeAfter, strikeBefore } from './faults/strike.ts';
import { originOf } from './origin-of.ts';
import { refusalOf } from './refusal-of.ts';
import { beforeNewestChange } from './secrets-manager/before-newest-change.ts';
import type { Service } from './services.ts';
import { textFields } from './text-fields.ts';
import type { WireCall } from './wire/protocol.ts';
import type { Signature } from './wire/signature.ts';

/** One call of a service's API, as it was received. */
export interface ApiCall extends WireCall {
  readonly service: Service;
  /** Who signed the request, and for which region. Nothing verifies it. */
  readonly signature: Signature;
  /** The header `amz-sdk-invocation-id`: the same in all attempts of an AWS SDK at one call. */
  readonly sdkCallId: string | undefined;
}

/**
 * Carries out one API call. Every request passes through here: find the caller and its account, apply the faults that strike before the call,
 * check the caller's permissions, run the action, apply the faults that strike after it.
 *
 * @param home the default account
 * @returns what the action answers, or nothing if its answer has no body.
 * @throws AwsError
 * @throws ConnectionLost a fault takes the answer.
 */
export async function dispatch(
  { service, action, input, signature, sdkCallId }: ApiCall,
  home: Account,
  faults: Faults,
): Promise<unknown> {
  const { account, requester, session } = originOf(signature, home);
  const { caller } = requester;
  const ofSecrets = service.id === 'secretsmanager';
  const met = ofSecrets ? faults.meeting({ action, isFunction: session?.kill !== undefined, sdkCallId }) : [];
  const call: CallEvent = {
    service: service.id,
    action,
    caller,
    accountId: account.id,
    region: account.region,
    ...(ofSecrets && subjectOf(input)),
    ...(met.length > 0 && { faults: met.map(({ kind }) => kind) }),
  };
  let output: unknown;
  try {
    const run = service.actions.get(action);
    if (!run)
      throw new AwsError('UnknownOperationException', `"${action}" is not an action of the local ${service.name}.`);
    account.quotas?.take(service.id, action, account);
    for (const fault of met) await strikeBefore(fault, session, faults);
    const owner = service.ownerOf?.(input, account) ?? account;
    service.judge(requester, { action, input }, owner);
    const isStale = met.some(({ kind }) => kind === 'stale');
    // Each action checks its own input first.
    output = await run(input as never, isStale ? beforeNewestChange(owner, call.secretId) : owner, requester);
  } catch (error) {
    account.events.emit('call', { ...call, ...refusalOf(error) });
    throw error;
  }
  account.events.emit('call', call);
  for (const fault of met) await strikeAfter(fault, session);
  return output;
}

/** The secret, versions and labels that a request names. Never a value: only these fields are read. */
function subjectOf(input: unknown): Pick<CallEvent, 'secretId' | 'versions'> {
  const { SecretId, Name, ...fields } = textFields(input);
  const secretId = SecretId ?? Name;
  const { VersionId, VersionStage, MoveToVersionId, RemoveFromVersionId } = fields;
  const named = { VersionId, VersionStage, MoveToVersionId, RemoveFromVersionId };
  const versions = Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
  return {
    ...(secretId !== undefined && { secretId }),
    ...(Object.keys(versions).length > 0 && { versions }),
  };
}
