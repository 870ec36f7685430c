import type { EventEmitter } from 'node:events';
import type { AccountEvents } from './account-events.ts';
import type { Clock } from './clock.ts';
import type { RoleStore } from './iam/role-store.ts';
import type { KeyStore } from './kms/key-store.ts';
import type { FunctionStore } from './lambda/function-store.ts';
import type { LogGroupStore } from './logs/log-group-store.ts';
import type { ScheduleStore } from './scheduler/schedule-store.ts';
import type { RotationSettings } from './secrets-manager/rotation-settings.ts';
import type { SecretStore } from './secrets-manager/secret-store.ts';

/** One AWS account in one region, on this machine: what every action reads and changes. */
export interface Account {
  /** Twelve digits. */
  readonly id: string;
  /** Such as `us-east-1`. */
  readonly region: string;
  /** Where the account answers, such as `http://127.0.0.1:4566`; functions get it as `AWS_ENDPOINT_URL`. */
  readonly endpoint: string;
  readonly clock: Clock;
  readonly events: EventEmitter<AccountEvents>;
  readonly rotation: RotationSettings;
  readonly secrets: SecretStore;
  readonly functions: FunctionStore;
  readonly roles: RoleStore;
  readonly keys: KeyStore;
  readonly logGroups: LogGroupStore;
  readonly schedules: ScheduleStore;
}

/** Who makes a call, as the access key id in the request's signature tells. */
export interface Caller {
  /** The account's root, or the assumed role of the function whose access key signed the request. */
  readonly arn: string;
}

/** The account's root: every caller that is not a function. */
export function rootOf(account: Account): Caller {
  return { arn: `arn:aws:iam::${account.id}:root` };
}
