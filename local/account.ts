import type { EventEmitter } from 'node:events';
import type { AccountEvents } from './account-events.ts';
import type { Clock } from './clock.ts';
import type { AlarmStore } from './cloudwatch/alarm-store.ts';
import type { RuleStore } from './events/rule-store.ts';
import type { RoleStore } from './iam/role-store.ts';
import type { KeyStore } from './kms/key-store.ts';
import type { FunctionStore } from './lambda/function-store.ts';
import type { LogGroupStore } from './logs/log-group-store.ts';
import type { SessionStore } from './permissions/session-store.ts';
import type { Place } from './place.ts';
import type { Quotas } from './quotas.ts';
import type { ScheduleStore } from './scheduler/schedule-store.ts';
import type { RotationSettings } from './secrets-manager/rotation-settings.ts';
import type { SecretStore } from './secrets-manager/secret-store.ts';
import type { TopicStore } from './sns/topic-store.ts';
import type { QueueStore } from './sqs/queue-store.ts';
import type { MachineStore } from './step-functions/machine-store.ts';

/** One AWS account in one region, on this machine: what every action reads and changes. */
export interface Account extends Place {
  /** Such as `aws`, or `aws-cn` in China: the second part of every ARN. */
  readonly partition: string;
  /** Where the account answers, such as `http://127.0.0.1:4566`; functions get it as `AWS_ENDPOINT_URL`. */
  readonly endpoint: string;
  readonly clock: Clock;
  readonly events: EventEmitter<AccountEvents>;
  readonly rotation: RotationSettings;
  /** Absent if calls are not limited. */
  readonly quotas: Quotas | undefined;
  /** Of all accounts. */
  readonly sessions: SessionStore;
  readonly secrets: SecretStore;
  readonly functions: FunctionStore;
  readonly roles: RoleStore;
  readonly keys: KeyStore;
  readonly logGroups: LogGroupStore;
  readonly schedules: ScheduleStore;
  readonly alarms: AlarmStore;
  readonly topics: TopicStore;
  readonly queues: QueueStore;
  readonly machines: MachineStore;
  /** Of EventBridge's default bus. */
  readonly eventRules: RuleStore;
  /** The same account in another region, or another account. What the place leaves out is as in this one. */
  readonly at: (place: Partial<Place>) => Account;
}

/** Who makes a call, as the access key id in the request's signature tells. */
export interface Caller {
  /** The account's root, or the assumed role of the function whose access key signed the request. */
  readonly arn: string;
}

/** The account's root: every caller that is not the session of a role. */
export function rootOf(account: Account): Caller {
  return { arn: `arn:${account.partition}:iam::${account.id}:root` };
}
