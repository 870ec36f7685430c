import { DataAwsSecretsmanagerSecretVersions } from '@cdktf/provider-aws/lib/data-aws-secretsmanager-secret-versions/index.js';
import { SecretsmanagerSecretVersion } from '@cdktf/provider-aws/lib/secretsmanager-secret-version/index.js';
import { Fn, Lazy, Tokenization } from 'cdktf';
import type { Construct } from 'constructs';
import { variablesIn, variablesThatAreNotEphemeral } from './initial-value.ts';

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
    });
    const ignoreChanges = ['secret_string_wo_version', 'version_stages'];
    this.lifecycle = { ignoreChanges };
    if (secretParts.length === 0) return;
    this.lifecycle = { ignoreChanges, precondition: [this.#isGivenOrThere(secretId, secretParts)] };
    this.node.addValidation({ validate: () => variablesThatAreNotEphemeral(this, secretParts) });
  }

  /** Ephemeral variables are empty at every plan but the first, so that is wrong only where there is no version yet. */
  #isGivenOrThere(secretId: string, secretParts: readonly unknown[]) {
    const { versions } = new DataAwsSecretsmanagerSecretVersions(this, 'there', { secretId });
    const given = secretParts.flatMap((part) => Tokenization.reverse(part)).map((token) => Fn.coalesce([token]));
    const missing = () => [...variablesIn(this, secretParts)].map((name) => `TF_VAR_${name}`).join(', ');
    return {
      condition: Fn.can(Fn.try([given, versions.get(0).versionId])),
      errorMessage:
        'The secret has no value yet, and the source of its first one is empty. Set ' +
        `${Lazy.stringValue({ produce: missing })} for this plan and apply; later ones do not need it.`,
    };
  }
}
