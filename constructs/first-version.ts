import { SecretsmanagerSecretVersion } from '@cdktf/provider-aws/lib/secretsmanager-secret-version/index.js';
import type { Construct } from 'constructs';
import { variablesThatAreNotEphemeral } from './initial-value.ts';

interface FirstVersionProps {
  readonly secretId: string;
  readonly secretString: string;
  /** The parts of the value that Terraform must not keep, as they were given. */
  readonly secretParts: readonly unknown[];
}

/**
 * The first version of a secret. It never names `AWSCURRENT`, and is never written again: whatever becomes of Terraform's
 * state, no plan can make this value current once another one is.
 */
export class FirstVersion extends SecretsmanagerSecretVersion {
  constructor(scope: Construct, { secretId, secretString, secretParts }: FirstVersionProps) {
    super(scope, 'first_version', {
      secretId,
      secretStringWo: secretString,
      secretStringWoVersion: 1,
      versionStages: ['TERRAFORM_INITIAL'],
      lifecycle: { ignoreChanges: ['secret_string_wo_version', 'version_stages'] },
    });
    this.node.addValidation({ validate: () => variablesThatAreNotEphemeral(this, secretParts) });
  }
}
