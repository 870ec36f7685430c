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

/** AWS keeps about a hundred versions, and each of them for at least a day. */
const KEPT_VERSIONS = 100;
/** Beyond its quota AWS refuses more versions. Here the oldest goes, however young, so that memory stays flat. */
const MOST_VERSIONS = 500;
const DAY_MS = 86_400_000;

/** What a secret and its replicas have in common. */
export class SecretContent {
  /** By version id, oldest first. */
  readonly versions = new Map<string, SecretVersion>();
  /** The version that each staging label is attached to. */
  readonly stages = new Map<string, string>();
  description: string | undefined;
  tags: Map<string, string> | undefined;
  resourcePolicy: string | undefined;
  #before: SecretContent | undefined;

  constructor(public lastChangedDate: Date) {}

  /** As it was before the latest change of its versions or labels. Undefined if they never changed. */
  get before(): SecretContent | undefined {
    return this.#before;
  }

  remember(): void {
    this.#before = this.copy();
  }

  copy(): SecretContent {
    const { description, tags, resourcePolicy } = this;
    const copy = new SecretContent(this.lastChangedDate);
    Object.assign(copy, { description, tags: tags && new Map(tags), resourcePolicy });
    for (const [versionId, version] of this.versions) copy.versions.set(versionId, { ...version });
    for (const [stage, versionId] of this.stages) copy.stages.set(stage, versionId);
    return copy;
  }

  stagesOf(versionId: string): string[] | undefined {
    const stages = [...this.stages].filter(([, holder]) => holder === versionId).map(([stage]) => stage);
    return stages.length > 0 ? stages : undefined;
  }

  prune(now: Date): void {
    const surplus = this.versions.size - KEPT_VERSIONS;
    if (surplus <= 0) return;
    const labelled = new Set(this.stages.values());
    const removed: string[] = [];
    for (const [versionId, { createdDate }] of this.versions) {
      const isOld = now.getTime() - createdDate.getTime() > DAY_MS;
      // Oldest first: all that follow are younger still.
      if (removed.length === surplus || !(isOld || this.versions.size - removed.length > MOST_VERSIONS)) break;
      if (!labelled.has(versionId)) removed.push(versionId);
    }
    for (const versionId of removed) this.versions.delete(versionId);
  }

  forgetUnlabelledVersions(): void {
    const labelled = new Set(this.stages.values());
    for (const versionId of [...this.versions.keys()]) if (!labelled.has(versionId)) this.versions.delete(versionId);
  }
}
