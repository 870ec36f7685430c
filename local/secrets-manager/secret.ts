import type { RotationRules } from '../../rules/schedule/schedule.ts';
import type { RotationRun } from './rotation-run.ts';
import { SecretContent, type SecretVersion } from './secret-content.ts';

/** How a secret rotates. */
export interface RotationConfiguration {
  readonly lambdaArn: string;
  readonly rules?: RotationRules | undefined;
  enabled: boolean;
  /** Its next scheduled rotation. */
  next?: { readonly closes: Date; readonly cancel: () => void } | undefined;
}

/** A copy of a secret in another region, as the primary secret knows it. */
export interface Replication {
  readonly kmsKeyId?: string | undefined;
  readonly status: 'InSync' | 'Failed';
  readonly message?: string | undefined;
}

/** A secret, and the rules for staging labels that hold for every action. */
export class Secret {
  kmsKeyId: string | undefined;
  lastAccessedDate: Date | undefined;
  lastRotatedDate: Date | undefined;
  deletion: { readonly date: Date; readonly cancel: () => void } | undefined;
  rotation: RotationConfiguration | undefined;
  /** The latest rotation, in progress or ended. */
  lastRun: RotationRun | undefined;
  /** Where the primary secret is. Absent if the secret is in one region alone. */
  primaryRegion: string | undefined;
  /** The regions that it is replicated to. A replica has none. */
  readonly replications = new Map<string, Replication>();
  #content: SecretContent;

  /** @param content what it shares with the secret that it is a replica of. @default nothing */
  constructor(
    readonly name: string,
    readonly arn: string,
    readonly createdDate: Date,
    content: SecretContent = new SecretContent(createdDate),
  ) {
    this.#content = content;
  }

  /** By version id, oldest first. */
  get versions(): Map<string, SecretVersion> {
    return this.#content.versions;
  }

  /** The version that each staging label is attached to. */
  get stages(): Map<string, string> {
    return this.#content.stages;
  }

  get description(): string | undefined {
    return this.#content.description;
  }

  set description(description: string | undefined) {
    this.#content.description = description;
  }

  /** Absent until the first tag. Empty after the last one is removed. */
  get tags(): Map<string, string> | undefined {
    return this.#content.tags;
  }

  set tags(tags: Map<string, string> | undefined) {
    this.#content.tags = tags;
  }

  /** JSON. */
  get resourcePolicy(): string | undefined {
    return this.#content.resourcePolicy;
  }

  set resourcePolicy(policy: string | undefined) {
    this.#content.resourcePolicy = policy;
  }

  get lastChangedDate(): Date {
    return this.#content.lastChangedDate;
  }

  set lastChangedDate(date: Date) {
    this.#content.lastChangedDate = date;
  }

  /** Its copy in another region: what changes in one of them changes in both. */
  replicaWith(arn: string, region: string, kmsKeyId: string | undefined): Secret {
    const replica = new Secret(this.name, arn, this.createdDate, this.#content);
    replica.kmsKeyId = kmsKeyId;
    replica.primaryRegion = region;
    return replica;
  }

  /** Makes a replica a secret of its own, as it is now. */
  detach(): void {
    this.#content = this.#content.copy();
    for (const version of this.versions.values()) version.kmsKeyId = this.kmsKeyId ?? 'DefaultEncryptionKey';
    this.primaryRegion = undefined;
  }

  isReplicaIn(region: string): boolean {
    return this.primaryRegion !== undefined && this.primaryRegion !== region;
  }

  /** The key of a version. All versions of a replica have the replica's key. */
  keyOf({ kmsKeyId }: SecretVersion, region: string): string {
    return this.isReplicaIn(region) ? (this.kmsKeyId ?? 'DefaultEncryptionKey') : kmsKeyId;
  }

  addVersion(versionId: string, createdDate: Date): SecretVersion {
    const version: SecretVersion = { createdDate, kmsKeyId: this.kmsKeyId ?? 'DefaultEncryptionKey' };
    this.versions.set(versionId, version);
    return version;
  }

  /** Encrypts the versions that have AWS's own labels, and all later ones, with another key. */
  changeKey(kmsKeyId: string): void {
    this.kmsKeyId = kmsKeyId;
    for (const stage of ['AWSCURRENT', 'AWSPENDING', 'AWSPREVIOUS']) {
      const version = this.versions.get(this.stages.get(stage) ?? '');
      if (version) version.kmsKeyId = kmsKeyId;
    }
  }

  removeVersion(versionId: string): void {
    for (const stage of this.stagesOf(versionId) ?? []) this.stages.delete(stage);
    this.versions.delete(versionId);
  }

  /** The labels of a version. Undefined if it has none. */
  stagesOf(versionId: string): string[] | undefined {
    return this.#content.stagesOf(versionId);
  }

  /** Moves the label to this version. If `AWSCURRENT` moves, `AWSPREVIOUS` goes to the version that had it. */
  attach(stage: string, versionId: string): void {
    const holder = this.stages.get(stage);
    if (stage === 'AWSCURRENT' && holder && holder !== versionId) this.stages.set('AWSPREVIOUS', holder);
    this.stages.set(stage, versionId);
  }

  /** The version of an incomplete rotation: `AWSPENDING`, unless it is also current. */
  get incompleteVersionId(): string | undefined {
    const pending = this.stages.get('AWSPENDING');
    return pending === this.stages.get('AWSCURRENT') ? undefined : pending;
  }

  /** As it was before the latest change of its versions or labels. Undefined if they never changed. */
  get beforeNewestChange(): Secret | undefined {
    const before = this.#content.before;
    return before && Object.assign(new Secret(this.name, this.arn, this.createdDate, before), this);
  }

  /** Remembers its state for stale reads. Called before each change of its versions and labels. */
  remember(): void {
    this.#content.remember();
  }

  /** Removes the oldest versions without labels, as AWS does: only beyond a hundred versions, and none younger than a day. */
  prune(now: Date): void {
    this.#content.prune(now);
  }

  /** Removes all versions without labels, as AWS may at some time. */
  forgetUnlabelledVersions(): void {
    this.#content.forgetUnlabelledVersions();
  }

  /** Stops everything that is planned for it. */
  close(): void {
    this.deletion?.cancel();
    this.rotation?.next?.cancel();
    this.lastRun?.cancel();
  }
}
