import type { Account } from './account.ts';
import { AlarmStore } from './cloudwatch/alarm-store.ts';
import { RuleStore } from './events/rule-store.ts';
import { RoleStore } from './iam/role-store.ts';
import { KeyStore } from './kms/key-store.ts';
import { FunctionStore } from './lambda/function-store.ts';
import type { StartFunction } from './lambda/running-function.ts';
import { LogGroupStore } from './logs/log-group-store.ts';
import { partitionOf } from './partition.ts';
import type { Place } from './place.ts';
import { ScheduleStore } from './scheduler/schedule-store.ts';
import { SecretStore } from './secrets-manager/secret-store.ts';
import { TopicStore } from './sns/topic-store.ts';
import { QueueStore } from './sqs/queue-store.ts';
import { MachineStore } from './step-functions/machine-store.ts';

/** What all accounts share. */
export interface Shared extends Pick<Account, 'endpoint' | 'clock' | 'events' | 'rotation' | 'sessions' | 'quotas'> {
  /** Runs the functions' code. @default a process of its own */
  readonly startFunction?: StartFunction | undefined;
}

/** Every account in every region. Each is made, empty, when somebody asks for it. */
export class Accounts {
  readonly #made = new Map<string, Account>();
  /** Roles are in no region: an account has the same ones in all regions of its partition. */
  readonly #roles = new Map<string, RoleStore>();

  constructor(private readonly shared: Shared) {}

  at({ id, region }: Place): Account {
    const key = `${id}/${region}`;
    const made = this.#made.get(key) ?? this.#make(id, region);
    this.#made.set(key, made);
    return made;
  }

  all(): Account[] {
    return [...this.#made.values()];
  }

  /** Empties all accounts at once. */
  async reset(): Promise<void> {
    for (const account of this.all()) {
      account.schedules.close();
      const { secrets, roles, keys, logGroups, alarms, topics, queues, machines, eventRules } = account;
      for (const store of [secrets, roles, keys, logGroups, alarms, topics, queues, machines, eventRules])
        store.clear();
    }
    await Promise.all(this.all().map(({ functions }) => functions.close()));
  }

  async close(): Promise<void> {
    for (const { schedules, secrets, alarms } of this.all()) {
      schedules.close();
      alarms.clear();
      secrets.close();
    }
    await Promise.all(this.all().map(({ functions }) => functions.close()));
  }

  #make(id: string, region: string): Account {
    const { startFunction, ...shared } = this.shared;
    const partition = partitionOf(region).name;
    return {
      ...shared,
      id,
      region,
      partition,
      at: (place) => this.at({ id, region, ...place }),
      secrets: new SecretStore(),
      functions: new FunctionStore(startFunction),
      roles: this.#rolesOf(id, partition),
      keys: new KeyStore(),
      logGroups: new LogGroupStore(),
      schedules: new ScheduleStore(),
      alarms: new AlarmStore(),
      topics: new TopicStore(),
      queues: new QueueStore(),
      machines: new MachineStore(),
      eventRules: new RuleStore(),
    };
  }

  #rolesOf(id: string, partition: string): RoleStore {
    const key = `${partition}/${id}`;
    const roles = this.#roles.get(key) ?? new RoleStore();
    this.#roles.set(key, roles);
    return roles;
  }
}
