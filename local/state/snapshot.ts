import type { Account } from '../account.ts';
import type { Secret } from '../secrets-manager/secret.ts';

/** Changes with each change of what is written here, so that an older file is not misread. */
export const STATE_VERSION = 1;

/** All that the accounts keep, as JSON writes it. No session is in it: who has assumed a role does so again. */
export function snapshot(accounts: readonly Account[]) {
  return { version: STATE_VERSION, accounts: accounts.map(snapshotOf) };
}

export type Snapshot = ReturnType<typeof snapshot>;
export type AccountSnapshot = Snapshot['accounts'][number];

function snapshotOf(account: Account) {
  const { id, region, secrets, functions, roles, keys, logGroups, schedules } = account;
  return {
    id,
    region,
    secrets: secrets.all().map((secret) => secretSnapshot(secret, region)),
    functions: functions.all().map((each) => ({
      configuration: each.configuration,
      statements: each.statements,
      tags: [...each.tags],
      reservedConcurrency: each.reservedConcurrency,
      codeSigningConfigArn: each.codeSigningConfigArn,
    })),
    roles: roles.all().map((role) => ({
      ...role,
      tags: [...role.tags],
      inlinePolicies: [...role.inlinePolicies],
      attachedPolicyArns: [...role.attachedPolicyArns],
    })),
    managedPolicies: [...roles.managedPolicies.values()].map((policy) => ({
      ...policy,
      tags: [...policy.tags],
      versions: [...policy.versions],
    })),
    keys: keys.all().map((key) => ({ ...key, tags: [...key.tags] })),
    aliases: [...keys.aliases],
    logGroups: logGroups.all().map((group) => ({ ...group, tags: [...group.tags] })),
    schedules: schedules.all().map(({ name, settings }) => ({ name, settings })),
    ...watchersOf(account),
  };
}

/** What tells of a rotation, or follows it. */
function watchersOf({ alarms, topics, queues, machines, eventRules }: Account) {
  return {
    alarms: alarms.all().map(({ settings, tags, memory }) => ({ settings, tags: [...tags], memory })),
    topics: topics.all().map((topic) => ({ ...topic, tags: [...topic.tags] })),
    queues: queues.all().map((queue) => ({ ...queue, settings: [...queue.settings], tags: [...queue.tags] })),
    machines: machines.all().map(({ definition: _, ...machine }) => ({ ...machine, tags: [...machine.tags] })),
    rules: eventRules.all().map(({ matches: _, ...rule }) => ({
      ...rule,
      targets: [...rule.targets.values()],
      tags: [...rule.tags],
    })),
    apiDestinations: [...eventRules.apiDestinations.values()],
  };
}

function secretSnapshot(secret: Secret, region: string) {
  const { rotation } = secret;
  return {
    name: secret.name,
    arn: secret.arn,
    createdDate: secret.createdDate,
    kmsKeyId: secret.kmsKeyId,
    lastAccessedDate: secret.lastAccessedDate,
    lastRotatedDate: secret.lastRotatedDate,
    lastChangedDate: secret.lastChangedDate,
    deletionDate: secret.deletion?.date,
    rotation: rotation && { lambdaArn: rotation.lambdaArn, rules: rotation.rules, enabled: rotation.enabled },
    unfinishedRun: secret.lastRun?.unfinished,
    primaryRegion: secret.primaryRegion,
    replications: [...secret.replications],
    // A replica's content is in its primary secret.
    ...(!secret.isReplicaIn(region) && {
      content: {
        description: secret.description,
        tags: secret.tags && [...secret.tags],
        resourcePolicy: secret.resourcePolicy,
        versions: [...secret.versions],
        stages: [...secret.stages],
      },
    }),
  };
}
