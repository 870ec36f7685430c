import type { Account } from '../account.ts';
import { LambdaFunction } from '../lambda/lambda-function.ts';
import { unzipCode } from '../lambda/unzip-code.ts';
import { Schedule } from '../scheduler/schedule.ts';
import { planDeletion } from '../secrets-manager/delete-secret.ts';
import { arnIn } from '../secrets-manager/replicate.ts';
import { RotationRun } from '../secrets-manager/rotation-run.ts';
import { scheduleNextRotation } from '../secrets-manager/schedule-next-rotation.ts';
import { Secret } from '../secrets-manager/secret.ts';
import type { SecretVersion } from '../secrets-manager/secret-content.ts';
import { restoreWatchers } from './restore-watchers.ts';
import type { AccountSnapshot, Snapshot } from './snapshot.ts';

/** What JSON makes of it: a date is text. */
type Written<Value> = Value extends Date
  ? string
  : Value extends readonly (infer Item)[]
    ? Written<Item>[]
    : Value extends object
      ? { [Key in keyof Value]: Written<Value[Key]> }
      : Value;
export type WrittenSnapshot = Written<Snapshot>;
type WrittenSecret = Written<AccountSnapshot['secrets'][number]>;

/**
 * Puts everything back into accounts that are empty.
 *
 * @param home any account
 * @param archiveOf a function's archive, by its hash
 */
export function restore(state: WrittenSnapshot, home: Account, archiveOf: (codeSha256: string) => Uint8Array): void {
  const all = state.accounts.map((each) => ({ each, account: home.at({ id: each.id, region: each.region }) }));
  for (const { each, account } of all) {
    for (const policy of each.managedPolicies ?? []) {
      if (account.roles.managedPolicies.has(policy.Arn)) continue;
      const versions = policy.versions as [string, { document: string; CreateDate: string }][];
      account.roles.addPolicy({
        ...policy,
        CreateDate: dateOf(policy.CreateDate),
        UpdateDate: dateOf(policy.UpdateDate),
        Description: policy.Description,
        tags: new Map(policy.tags as [string, string][]),
        versions: new Map(
          versions.map(([id, { document, CreateDate }]) => [id, { document, CreateDate: dateOf(CreateDate) }]),
        ),
      });
    }
    for (const role of each.roles) {
      if (account.roles.find(role.RoleName)) continue;
      account.roles.add({
        ...role,
        CreateDate: dateOf(role.CreateDate),
        tags: new Map(role.tags as [string, string][]),
        inlinePolicies: new Map(role.inlinePolicies as [string, string][]),
        attachedPolicyArns: new Set(role.attachedPolicyArns),
        Description: role.Description,
      });
    }
    for (const { CreationDate, deletionDate, tags, ...key } of each.keys) {
      account.keys.add({
        ...key,
        CreationDate: dateOf(CreationDate),
        deletionDate: deletionDate === undefined ? undefined : dateOf(deletionDate),
        tags: new Map(tags as [string, string][]),
      });
    }
    for (const [alias, keyId] of each.aliases as [string, string][]) account.keys.aliases.set(alias, keyId);
    for (const group of each.logGroups) {
      account.logGroups.add({ ...group, tags: new Map(group.tags as [string, string][]) });
    }
    for (const { configuration, statements, tags, reservedConcurrency, codeSigningConfigArn } of each.functions) {
      const archive = archiveOf(configuration.CodeSha256);
      const made = new LambdaFunction(configuration as LambdaFunction['configuration'], unzipCode(archive), account);
      made.archive = archive;
      made.statements.push(...(statements as LambdaFunction['statements']));
      for (const [key, value] of tags as [string, string][]) made.tags.set(key, value);
      made.reservedConcurrency = reservedConcurrency;
      made.codeSigningConfigArn = codeSigningConfigArn;
      account.functions.add(made);
    }
    for (const secret of each.secrets) if (secret.content) restoreSecret(secret, secret.content, account);
  }
  for (const { each, account } of all) {
    for (const secret of each.secrets) if (!secret.content) restoreReplica(secret, account);
    for (const { name, settings } of each.schedules) {
      account.schedules.add(new Schedule(name, settings as Schedule['settings'], account));
    }
    restoreWatchers(each, account);
  }
  // Only when all is there: a rotation needs its function, the function's role, and perhaps other secrets.
  for (const { each, account } of all) {
    for (const { arn, unfinishedRun } of each.secrets) {
      const secret = account.secrets.find(arn);
      if (secret && unfinishedRun) RotationRun.resume(secret, account, unfinishedRun);
    }
  }
}

function restoreSecret(written: WrittenSecret, content: NonNullable<WrittenSecret['content']>, account: Account): void {
  const { name, arn } = written;
  const secret = new Secret(name, arn, dateOf(written.createdDate));
  Object.assign(secret, datesOf(written), {
    kmsKeyId: written.kmsKeyId,
    description: content.description,
    resourcePolicy: content.resourcePolicy,
    primaryRegion: written.primaryRegion,
    tags: content.tags && new Map(content.tags as [string, string][]),
    lastChangedDate: dateOf(written.lastChangedDate),
    rotation: written.rotation && { ...written.rotation },
  });
  for (const [versionId, version] of content.versions as [string, Written<SecretVersion>][]) {
    const { createdDate, lastAccessedDate, ...rest } = version;
    secret.versions.set(versionId, {
      ...rest,
      createdDate: dateOf(createdDate),
      ...(lastAccessedDate !== undefined && { lastAccessedDate: dateOf(lastAccessedDate) }),
    });
  }
  for (const [stage, versionId] of content.stages as [string, string][]) secret.stages.set(stage, versionId);
  for (const [region, replication] of written.replications as [string, never][]) {
    secret.replications.set(region, replication);
  }
  account.secrets.add(secret);
  if (written.deletionDate !== undefined) planDeletion(secret, dateOf(written.deletionDate), account);
  scheduleNextRotation(secret, account, secret.lastRotatedDate ?? secret.createdDate);
}

function restoreReplica(written: WrittenSecret, account: Account): void {
  const { arn, primaryRegion = '' } = written;
  const primary = account.at({ region: primaryRegion }).secrets.find(arnIn({ arn }, primaryRegion));
  const replica = primary?.replicaWith(arn, primaryRegion, written.kmsKeyId);
  if (replica) account.secrets.add(Object.assign(replica, datesOf(written)));
}

function datesOf({ lastAccessedDate, lastRotatedDate }: WrittenSecret) {
  return {
    lastAccessedDate: lastAccessedDate === undefined ? undefined : dateOf(lastAccessedDate),
    lastRotatedDate: lastRotatedDate === undefined ? undefined : dateOf(lastRotatedDate),
  };
}

/** @throws RangeError it is none: a state with such a date would be taken up, and written without it. */
function dateOf(text: string): Date {
  return new Date(new Date(text).toISOString());
}
