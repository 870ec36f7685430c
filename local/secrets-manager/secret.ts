import type { RotationRules } from '../../rules/schedule/schedule.ts';
import type { RotationRun } from './rotation-run.ts';

/** One of the two, or neither while a version is empty. */
export interface SecretValue {
  readonly SecretString?: string | undefined;
  /** Base64. */
  readonly SecretBinary?: string | undefined;
}

export interface SecretVersion {
  readonly createdDate: Date;
  kmsKeyId: string;
  /** Absent in the version that a rotation starts with. */
  value?: SecretValue | undefined;
  lastAccessedDate?: Date;
}

/** How a secret rotates. */
export interface RotationConfiguration {
  readonly lambdaArn: string;
  readonly rules?: RotationRules | undefined;
  enabled: boolean;
  /** Its next scheduled rotation. */
  next?: { readonly closes: Date; readonly cancel: () => void } | undefined;
}

/** AWS keeps about a hundred versions, and each of them for at least a day. */
const KEPT_VERSIONS = 100;
const DAY_MS = 86_400_000;

/** A secret with its versions, and the rules for staging labels that hold for every action. */
export class Secret {
  /** By version id, oldest first. */
  readonly versions = new Map<string, SecretVersion>();
  /** The version that each staging label is attached to. */
  readonly stages = new Map<string, string>();
  description: string | undefined;
  kmsKeyId: string | undefined;
  /** Absent until the first tag. Empty after the last one is removed. */
  tags: Map<string, string> | undefined;
  /** JSON. */
  resourcePolicy: string | undefined;
  lastChangedDate: Date;
  lastAccessedDate: Date | undefined;
  lastRotatedDate: Date | undefined;
  deletion: { readonly date: Date; readonly cancel: () => void } | undefined;
  rotation: RotationConfiguration | undefined;
  /** The latest rotation, in progress or ended. */
  lastRun: RotationRun | undefined;
  #beforeNewestChange: Secret | undefined;

  constructor(
    readonly name: string,
    readonly arn: string,
    readonly createdDate: Date,
  ) {
    this.lastChangedDate = createdDate;
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
    const stages = [...this.stages].filter(([, holder]) => holder === versionId).map(([stage]) => stage);
    return stages.length > 0 ? stages : undefined;
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
    return this.#beforeNewestChange;
  }

  /** Remembers its state for stale reads. Called before each change of its versions and labels. */
  remember(): void {
    this.#beforeNewestChange = Object.assign(new Secret(this.name, this.arn, this.createdDate), this, {
      versions: new Map([...this.versions].map(([versionId, version]) => [versionId, { ...version }])),
      stages: new Map(this.stages),
    });
  }

  /** Removes the oldest versions without labels, as AWS does: only beyond a hundred versions, and none younger than a day. */
  prune(now: Date): void {
    const surplus = this.versions.size - KEPT_VERSIONS;
    if (surplus <= 0) return;
    const old = this.#unlabelled().filter(([, { createdDate }]) => now.getTime() - createdDate.getTime() > DAY_MS);
    for (const [versionId] of old.slice(0, surplus)) this.versions.delete(versionId);
  }

  /** Removes all versions without labels, as AWS may at some time. */
  forgetUnlabelledVersions(): void {
    for (const [versionId] of this.#unlabelled()) this.versions.delete(versionId);
  }

  #unlabelled(): [string, SecretVersion][] {
    return [...this.versions].filter(([versionId]) => !this.stagesOf(versionId));
  }

  /** Stops everything that is planned for it. */
  close(): void {
    this.deletion?.cancel();
    this.rotation?.next?.cancel();
    this.lastRun?.cancel();
  }
}
