import { DataAwsSecretsmanagerSecretVersions } from '@cdktf/provider-aws/lib/data-aws-secretsmanager-secret-versions/index.js';
import { DataAwsSecretsmanagerSecrets } from '@cdktf/provider-aws/lib/data-aws-secretsmanager-secrets/index.js';
import { SecretsmanagerSecretVersion } from '@cdktf/provider-aws/lib/secretsmanager-secret-version/index.js';
import { Fn, Lazy, type Precondition, Tokenization } from 'cdktf';
import type { Construct } from 'constructs';
import { argument } from '../terraform/references.ts';
import { resolveTokens } from '../terraform/resolve-tokens.ts';
import type { DeclaredSecret } from './declared-secret.ts';
import { referencesToVariables, valuesThatTerraformKeeps, variablesIn } from './kept-values.ts';

interface FirstVersionProps {
  readonly secret: DeclaredSecret;
  readonly secretString: string;
  /** The parts of the value that Terraform must not keep, as they were given. */
  readonly secretParts: readonly unknown[];
}

/**
 * The first version of a secret. It never names `AWSCURRENT`, and is never written again: whatever becomes of Terraform's
 * state, no plan can make this value current once another one is.
 */
export class FirstVersion extends SecretsmanagerSecretVersion {
  constructor(scope: Construct, { secret, secretString, secretParts }: FirstVersionProps) {
    super(scope, 'first_version', {
      secretId: secret.id,
      secretStringWo: secretString,
      secretStringWoVersion: 1,
      versionStages: ['TERRAFORM_INITIAL'],
    });
    const { ignoreChanges, ...followed } = secret.followed;
    const lifecycle = { ...followed, ignoreChanges: [...ignoreChanges, 'secret_string_wo_version', 'version_stages'] };
    this.lifecycle = lifecycle;
    if (secretParts.length === 0) return;
    this.lifecycle = { ...lifecycle, precondition: this.#isGivenOrThere(secret, secretParts) };
    this.node.addValidation({ validate: () => valuesThatTerraformKeeps(this, secretParts) });
  }

  /**
   * Ephemeral variables are empty at every plan but the first, so that is wrong only if there is no value yet. A plan knows
   * whether there is a secret of the name; whether it has a value is known once it is made.
   */
  #isGivenOrThere(secret: DeclaredSecret, secretParts: readonly unknown[]): Precondition[] {
    const name = argument(secret.knownName);
    const { names } = new DataAwsSecretsmanagerSecrets(this, 'named', { filter: [{ name: 'name', values: [name] }] });
    const { versions } = new DataAwsSecretsmanagerSecretVersions(this, 'there', { secretId: secret.id });
    const named = secret.isPrefix ? Fn.coalesce([Fn.join('', names)]) : Fn.index(names, name);
    // What the whole is made of may be empty where the whole is not, such as one field of its JSON.
    const given = Lazy.anyValue({ produce: () => `[${this.#mustBeGiven(secretParts).join(', ')}]` });
    const missing = () => [...variablesIn(this, secretParts)].map((name) => `TF_VAR_${name}`).join(', ') || 'it';
    const errorMessage =
      'The secret has no value yet, and the source of its first one is empty. Set ' +
      `${Lazy.stringValue({ produce: missing })} for this plan and apply; later ones do not need it. If the secret was renamed, ` +
      'give the value that it has today.';
    return [
      { condition: Fn.can(Fn.try([given, named])), errorMessage },
      { condition: Fn.can(Fn.try([given, versions.get(0).versionId])), errorMessage },
    ];
  }

  #mustBeGiven(secretParts: readonly unknown[]): readonly string[] {
    const wholes = secretParts.flatMap((part) => Tokenization.reverse(part)).map((token) => Fn.coalesce([token]));
    const texts = wholes.map((whole) => String(resolveTokens(whole, this)).replace(/^\$\{(.*)\}$/s, '$1'));
    const variables = referencesToVariables(this, secretParts).map((reference) => `coalesce(${reference})`);
    return [...new Set([...texts, ...variables])];
  }
}
