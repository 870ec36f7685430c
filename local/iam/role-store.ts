/** A role as it was created, with its policies exactly as they were given. */
export interface Role {
  readonly RoleName: string;
  readonly Arn: string;
  readonly Description?: string;
  /** The trust policy: a JSON document. */
  readonly AssumeRolePolicyDocument: string;
  /** Policy document (JSON) by policy name. */
  readonly inlinePolicies: Map<string, string>;
  readonly attachedPolicyArns: Set<string>;
}

/** The roles of one account, each under its name. */
export class RoleStore {
  readonly #roles = new Map<string, Role>();

  add(role: Role): void {
    this.#roles.set(role.RoleName, role);
  }

  remove(roleName: string): void {
    this.#roles.delete(roleName);
  }

  find(roleName: string): Role | undefined {
    return this.#roles.get(roleName);
  }

  findByArn(arn: string): Role | undefined {
    return [...this.#roles.values()].find((role) => role.Arn === arn);
  }
}
