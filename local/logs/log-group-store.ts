export interface LogGroup {
  readonly logGroupName: string;
  /** Without the `:*` that some answers put behind it. */
  readonly arn: string;
  readonly createdMs: number;
  /** Absent while lines are kept for ever. */
  retentionInDays?: number | undefined;
  readonly kmsKeyId?: string | undefined;
  readonly tags: Map<string, string>;
}

/** The log groups of one account, as they were created; a function's lines stand with the function. */
export class LogGroupStore {
  readonly #groups = new Map<string, LogGroup>();

  add(group: LogGroup): void {
    this.#groups.set(group.logGroupName, group);
  }

  remove(name: string): void {
    this.#groups.delete(name);
  }

  all(): LogGroup[] {
    return [...this.#groups.values()];
  }

  /** @param nameOrArn the group's name, or its ARN with or without `:*` at its end */
  find(nameOrArn: string): LogGroup | undefined {
    const wanted = nameOrArn.replace(/:\*$/, '');
    return this.#groups.get(wanted) ?? this.all().find(({ arn }) => arn === wanted);
  }
}
