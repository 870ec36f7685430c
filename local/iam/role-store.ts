import type { ManagedPolicy } from './managed-policy.ts';

/** A role, with its policies exactly as they were sent. */
export interface Role {
  readonly RoleName: string;
  readonly Arn: string;
  /** `/`, or such as `/rotation/`. */
  readonly Path: string;
  /** `AROA…` */
  readonly RoleId: string;
  readonly CreateDate: Date;
  Description: string | undefined;
  /** Seconds. */
  MaxSessionDuration: number;
  /** The policy that limits what the role's own policies may allow. One that nobody has created here limits nothing. */
  permissionsBoundaryArn?: string | undefined;
  /** The trust policy: a JSON document. */
  AssumeRolePolicyDocument: string;
  readonly tags: Map<string, string>;
  /** Policy document (JSON) by policy name. */
  readonly inlinePolicies: Map<string, string>;
  readonly attachedPolicyArns: Set<string>;
}

/** The roles of one account, by name, and the policies that were created there for several of them. */
export class RoleStore {
  readonly #roles = new Map<string, Role>();
  /** By ARN. */
  readonly managedPolicies = new Map<string, ManagedPolicy>();
  #made = 0;

  /** An id that no other role or policy has, even if a later one gets the same name. */
  nextId(prefix: 'AROA' | 'ANPA'): string {
    this.#made += 1;
    return `${prefix}${String(this.#made).padStart(17, '0')}`;
  }

  addPolicy(policy: ManagedPolicy): void {
    this.#made = Math.max(this.#made, Number(policy.PolicyId.slice('ANPA'.length)) || 0);
    this.managedPolicies.set(policy.Arn, policy);
  }

  add(role: Role): void {
    this.#made = Math.max(this.#made, Number(role.RoleId.slice('AROA'.length)) || 0);
    this.#roles.set(role.RoleName, role);
  }

  remove(roleName: string): void {
    this.#roles.delete(roleName);
  }

  clear(): void {
    this.managedPolicies.clear();
    this.#roles.clear();
  }

  all(): Role[] {
    return [...this.#roles.values()];
  }

  find(roleName: string): Role | undefined {
    return this.#roles.get(roleName);
  }

  findByArn(arn: string): Role | undefined {
    return this.all().find((role) => role.Arn === arn);
  }
}
