import type { Caller } from '../account.ts';
import type { AccountEvents, CallEvent } from '../account-events.ts';

/** An event of the account that CloudTrail records. */
export type RecordedEvent = {
  [Name in keyof typeof EVENT_NAMES | 'call']: { readonly name: Name; readonly event: AccountEvents[Name][0] };
}[keyof typeof EVENT_NAMES | 'call'];

/** What a record contains besides the event. */
export interface RecordContext {
  /** Where it happened. */
  readonly accountId: string;
  readonly region: string;
  readonly time: Date;
  /** A UUID. */
  readonly eventId: string;
}

/** One CloudTrail record, with CloudTrail's own fields. It holds no secret value and no answer. */
export interface CloudTrailRecord {
  readonly eventVersion: string;
  readonly userIdentity: Readonly<Record<string, unknown>>;
  /** UTC, to the second. */
  readonly eventTime: string;
  readonly eventSource: string;
  readonly eventName: string;
  readonly awsRegion: string;
  readonly sourceIPAddress: string;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  readonly requestParameters: Readonly<Record<string, string | undefined>> | null;
  readonly responseElements: null;
  readonly additionalEventData?: { readonly SecretId: string };
  readonly requestID?: string;
  readonly eventID: string;
  readonly readOnly: boolean;
  readonly eventType: 'AwsApiCall' | 'AwsServiceEvent';
  readonly managementEvent: true;
  readonly recipientAccountId: string;
  readonly eventCategory: 'Management';
}

const SERVICE = 'secretsmanager.amazonaws.com';

const EVENT_NAMES = {
  rotationStarted: 'RotationStarted',
  rotationSucceeded: 'RotationSucceeded',
  rotationFailed: 'RotationFailed',
  rotationAbandoned: 'RotationAbandoned',
} as const;

/**
 * What CloudTrail records about an event: an `AwsApiCall` by a caller, or an `AwsServiceEvent` by Secrets Manager itself.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html
 */
export function cloudTrailRecord(recorded: RecordedEvent, context: RecordContext): CloudTrailRecord {
  return {
    eventVersion: '1.11',
    eventTime: context.time.toISOString().replace(/\.\d+/, ''),
    awsRegion: context.region,
    ...(recorded.name === 'call' ? ofCall(recorded.event) : ofRotation(recorded, context)),
    responseElements: null,
    eventID: context.eventId,
    managementEvent: true,
    recipientAccountId: context.accountId,
    eventCategory: 'Management',
  };
}

function ofCall({ service, action, caller, errorCode, errorMessage, ...named }: CallEvent) {
  // Secrets Manager calls KMS on behalf of the caller.
  const isForwarded = service !== 'secretsmanager';
  return {
    userIdentity: { ...identity(caller), ...(isForwarded && { invokedBy: SERVICE }) },
    eventSource: `${service}.amazonaws.com`,
    eventName: action,
    sourceIPAddress: isForwarded ? SERVICE : '127.0.0.1',
    ...(errorCode !== undefined && { errorCode }),
    ...(errorMessage !== undefined && { errorMessage }),
    requestParameters: parameters(named),
    readOnly: /^(Get|List|Describe|Decrypt|GenerateDataKey)/.test(action),
    eventType: 'AwsApiCall' as const,
  };
}

function ofRotation(recorded: Exclude<RecordedEvent, { name: 'call' }>, { accountId }: RecordContext) {
  const { secretArn, versionId } = recorded.event;
  return {
    userIdentity: { accountId, invokedBy: SERVICE },
    eventSource: SERVICE,
    eventName: EVENT_NAMES[recorded.name],
    sourceIPAddress: SERVICE,
    // As in AWS, the reason that the function gave is only in the function's own log.
    ...(recorded.name === 'rotationFailed' && {
      errorMessage: `Error when executing lambda ${recorded.event.functionArn} during ${recorded.event.step} step`,
    }),
    requestParameters: null,
    additionalEventData: { SecretId: secretArn },
    requestID: `Rotation-${secretArn}-${versionId}`,
    readOnly: false,
    eventType: 'AwsServiceEvent' as const,
  };
}

function identity({ arn }: Caller) {
  const [, partition, , , accountId] = arn.split(':');
  const [, role, session] = /:assumed-role\/([^/]+)\/(.+)$/.exec(arn) ?? [];
  if (role === undefined) return { type: 'Root', principalId: accountId, arn, accountId };
  const issuer = { type: 'Role', arn: `arn:${partition}:iam::${accountId}:role/${role}`, accountId, userName: role };
  return {
    type: 'AssumedRole',
    principalId: `${role}:${session}`,
    arn,
    accountId,
    sessionContext: { sessionIssuer: issuer },
  };
}

/** Fields as CloudTrail spells them: `VersionStage` is `versionStage`. */
function parameters({ secretId, versions = {} }: Pick<CallEvent, 'secretId' | 'versions'>) {
  const named = Object.entries(versions).map(([field, value]) => [
    field.charAt(0).toLowerCase() + field.slice(1),
    value,
  ]);
  const found = { ...(secretId !== undefined && { secretId }), ...Object.fromEntries(named) };
  return Object.keys(found).length === 0 ? null : found;
}
