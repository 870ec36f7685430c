export interface LogGroup {
  readonly logGroupName: string;
  /** Without the `:*` that some answers append. */
  readonly arn: string;
  readonly createdMs: number;
  /** Absent if lines are kept forever. */
  retentionInDays?: number | undefined;
  readonly kmsKeyId?: string | undefined;
  readonly tags: Map<string, string>;
}

/** The log groups of one account. The lines are stored with the function that wrote them. */
export class LogGroupStore {
  readonly #groups = new Map<string, LogGroup>();

  add(group: LogGroup): void {
    this.#groups.set(group.logGroupName, group);
  }

  remove(name: string): void {
    this.#groups.delete(name);
  }

  clear(): void {
    this.#groups.clear();
  }

  all(): LogGroup[] {
    return [...this.#groups.values()];
  }

  /** @param nameOrArn the group's name, or its ARN with or without a final `:*` */
  find(nameOrArn: string): LogGroup | undefined {
    const wanted = nameOrArn.replace(/:\*$/, '');
    return this.#groups.get(wanted) ?? this.all().find(({ arn }) => arn === wanted);
  }
}
