import type { RotationRules } from '../../rules/schedule/schedule.ts';
import type { RotationRun } from './rotation-run.ts';

/** One of the two; neither while a version is empty. */
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

/** How a secret rotates, once that was said. */
export interface RotationConfiguration {
  readonly lambdaArn: string;
  readonly rules?: RotationRules | undefined;
  enabled: boolean;
  /** When it rotates next by itself. */
  next?: { readonly closes: Date; readonly cancel: () => void } | undefined;
}

/** AWS keeps about a hundred versions, and each of them for a day. */
const KEPT_VERSIONS = 100;
const DAY_MS = 86_400_000;

/** A secret with its versions; the rules that hold for its staging labels whoever moves them. */
export class Secret {
  /** By version id, the oldest first. */
  readonly versions = new Map<string, SecretVersion>();
  /** The one version that each staging label is attached to. */
  readonly stages = new Map<string, string>();
  description: string | undefined;
  kmsKeyId: string | undefined;
  /** Absent until the first tag; empty after the last one was removed. */
  tags: Map<string, string> | undefined;
  /** JSON. */
  resourcePolicy: string | undefined;
  lastChangedDate: Date;
  lastAccessedDate: Date | undefined;
  lastRotatedDate: Date | undefined;
  deletion: { readonly date: Date; readonly cancel: () => void } | undefined;
  rotation: RotationConfiguration | undefined;
  /** The rotation that was started last, under way or ended. */
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

  /** Encrypts the versions with labels of AWS's own, and all later ones, under another key. */
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

  /** The labels of a version; undefined where it has none. */
  stagesOf(versionId: string): string[] | undefined {
    const stages = [...this.stages].filter(([, holder]) => holder === versionId).map(([stage]) => stage);
    return stages.length > 0 ? stages : undefined;
  }

  /** Attaches the label to this version alone. Where `AWSCURRENT` moves, `AWSPREVIOUS` goes to its last holder. */
  attach(stage: string, versionId: string): void {
    const holder = this.stages.get(stage);
    if (stage === 'AWSCURRENT' && holder && holder !== versionId) this.stages.set('AWSPREVIOUS', holder);
    this.stages.set(stage, versionId);
  }

  /** The version of a rotation that is not complete: `AWSPENDING`, unless it is current as well. */
  get incompleteVersionId(): string | undefined {
    const pending = this.stages.get('AWSPENDING');
    return pending === this.stages.get('AWSCURRENT') ? undefined : pending;
  }

  /** As it was before its versions or labels changed last; undefined while they never did. */
  get beforeNewestChange(): Secret | undefined {
    return this.#beforeNewestChange;
  }

  /** Remembers how it is, for reads that are stale. Called before each change of its versions and labels. */
  remember(): void {
    this.#beforeNewestChange = Object.assign(new Secret(this.name, this.arn, this.createdDate), this, {
      versions: new Map([...this.versions].map(([versionId, version]) => [versionId, { ...version }])),
      stages: new Map(this.stages),
    });
  }

  /** Forgets the oldest versions without labels as far as AWS does: beyond a hundred versions, none younger than a day. */
  prune(now: Date): void {
    const surplus = this.versions.size - KEPT_VERSIONS;
    if (surplus <= 0) return;
    const old = this.#unlabelled().filter(([, { createdDate }]) => now.getTime() - createdDate.getTime() > DAY_MS);
    for (const [versionId] of old.slice(0, surplus)) this.versions.delete(versionId);
  }

  /** Forgets all versions without labels, as AWS may one day. */
  forgetUnlabelledVersions(): void {
    for (const [versionId] of this.#unlabelled()) this.versions.delete(versionId);
  }

  #unlabelled(): [string, SecretVersion][] {
    return [...this.versions].filter(([versionId]) => !this.stagesOf(versionId));
  }

  /** Stops what would still happen to it by itself. */
  close(): void {
    this.deletion?.cancel();
    this.rotation?.next?.cancel();
    this.lastRun?.cancel();
  }
}
