import { TerraformVariable } from 'cdktf';
import type { Construct } from 'constructs';
import { ConstructError } from './construct-error.ts';
import { isReference } from './terraform/references.ts';

/**
 * A value that passes through Terraform and stays nowhere: not in the state, not in the plan. Give it for the first
 * `apply` as `TF_VAR_…` or `-var`; every later plan and apply goes without. While a secret has no value yet, a plan or apply
 * without it fails, and names it.
 * @example
 * const password = new EphemeralVariable(stack, 'first_password', 'The password that the database has today');
 * new RotatedSecret(stack, 'db', { initial: { username: 'app', password: password.stringValue }, … });
 * @see https://developer.hashicorp.com/terraform/language/block/variable#ephemeral
 */
export class EphemeralVariable extends TerraformVariable {
  /** @throws ConstructError OPTIONS */
  constructor(scope: Construct, id: string, description: string) {
    if (isReference(description)) {
      throw new ConstructError(
        'OPTIONS',
        `The description of the variable ${id} is only known to Terraform: Terraform takes a literal there. Expected one.`,
      );
    }
    // Without a default, every later plan asks for the value again; null can be no whole value, and no part of a text.
    super(scope, id, { type: 'string', description, sensitive: true, default: '' });
    this.addOverride('ephemeral', true);
  }
}
