import { SecretsmanagerSecret } from '@cdktf/provider-aws/lib/secretsmanager-secret/index.js';
import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { checkKeyArn } from '../checks/check-key-arn.ts';
import { knownProvider, knownShape, type OptionTable } from '../checks/check-options.ts';
import { checkRegion } from '../checks/check-region.ts';
import { requireVersions } from '../checks/require-versions.ts';
import { warn } from '../checks/warn.ts';
import { ConstructError } from '../construct-error.ts';
import { type ResourcePolicyProps, resourcePolicyProps } from '../permissions/secret-access.ts';
import { isSamePlace, knownRegion } from '../terraform/known-place.ts';
import type { ProviderOption } from '../terraform/provider.ts';
import { isReference } from '../terraform/references.ts';
import { rememberElement } from '../terraform/referred-element.ts';
import { checkReplicas, type Replica } from './replicas.ts';
import { checkSecretName, type SecretName } from './secret-name.ts';

/** What a secret is, whether or not it rotates. */
export interface SecretProps extends SecretName, ProviderOption, ResourcePolicyProps {
  /** @default none */
  readonly description?: string;
  /** The customer key that encrypts the secret. @default AWS's own key, `aws/secretsmanager` */
  readonly kmsKeyArn?: string;
  /** Other regions in which the secret can be read. It rotates in its own, and its new value reaches them. @default none */
  readonly replicas?: readonly Replica[];
  /** Days in which a deleted secret can be restored: 7 to 30, or 0 to delete at once. @default 30 */
  readonly recoveryWindowDays?: number;
  /** Tags of the secret and of all that is made for it alone. @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

export const secretProps: OptionTable<SecretProps> = {
  name: 'optional',
  namePrefix: 'optional',
  description: 'optional',
  kmsKeyArn: 'optional',
  recoveryWindowDays: 'optional',
  replicas: knownShape('optional', 'each has permissions of its own'),
  ...resourcePolicyProps,
  tags: 'optional',
  provider: knownProvider,
};

/** The secret itself, without a version. */
export class DeclaredSecret extends SecretsmanagerSecret {
  /** Its name, or how its name begins. */
  readonly knownName: string;
  /** Whether AWS adds characters to it. */
  readonly isPrefix: boolean;

  /** @throws ConstructError NAME, OPTIONS */
  constructor(scope: Construct, props: SecretProps) {
    const knownName = checkSecretName(scope, props);
    checkKeyArn(props.kmsKeyArn);
    checkRegion(scope, 'The kmsKeyArn', props.kmsKeyArn);
    checkReplicas(scope, props.replicas);
    checkRecoveryWindow(props.recoveryWindowDays);
    checkTags(props.tags);
    super(scope, 'secret', {
      name: props.name,
      namePrefix: props.namePrefix,
      description: props.description,
      kmsKeyId: props.kmsKeyArn,
      replica: props.replicas?.map(({ region, kmsKeyArn }) => ({ region, kmsKeyId: kmsKeyArn })),
      recoveryWindowInDays: props.recoveryWindowDays,
      tags: props.tags,
      // A rename makes the successor, with its value, before the renamed one goes.
      lifecycle: { createBeforeDestroy: true },
    });
    this.knownName = knownName;
    this.isPrefix = props.name === undefined;
    rememberElement(this);
    if (props.name !== undefined) checkNamesake(this, knownName);
    requireVersions(scope);
  }

  /** Its name, with a `*` where AWS adds characters. */
  get nameInPolicy(): string {
    return this.isPrefix ? `${this.knownName}*` : this.knownName;
  }

  /**
   * How its version and its rotation are replaced: with its name, and not with its id. If it is replaced under one and the same
   * name, AWS refuses the new one, and both are still as they were.
   */
  get followed() {
    const name = `${this.terraformResourceType}.${this.friendlyUniqueId}.name`;
    return { ignoreChanges: ['secret_id'], replaceTriggeredBy: [name] };
  }
}

/** The secrets that have each name, by app. */
const named = new WeakMap<object, Map<string, DeclaredSecret[]>>();

/** @throws NAME for two of one name in one place of a stack: AWS would refuse the second one */
function checkNamesake(secret: DeclaredSecret, name: string): void {
  if (isReference(name)) return;
  const app = secret.node.root;
  const stack = TerraformStack.of(secret);
  const names = named.get(app) ?? new Map<string, DeclaredSecret[]>();
  named.set(app, names);
  const others = names.get(name) ?? [];
  names.set(name, [...others, secret]);
  const twin = others.find((each) => TerraformStack.of(each) === stack && isSamePlace(each, secret));
  if (twin !== undefined) {
    throw new ConstructError(
      'NAME',
      `The secrets ${twin.node.scope?.node.path} and ${secret.node.scope?.node.path} are both named "${name}". Give one of them another name.`,
    );
  }
  const [first = secret] = others;
  const other = TerraformStack.of(first);
  const [region, otherRegion] = [knownRegion(secret), knownRegion(first)];
  if (other === stack || (region !== undefined && otherRegion !== undefined && region !== otherRegion)) return;
  warn(
    secret,
    `The stack ${other.node.id} also has a secret named "${name}". In one account and region, only one of the two stacks can be ` +
      'deployed. Ignore this if you deploy them to different ones.',
  );
}

function checkRecoveryWindow(days = 30): void {
  if (isReference(days) || days === 0 || (Number.isInteger(days) && days >= 7 && days <= 30)) return;
  throw new ConstructError('OPTIONS', `recoveryWindowDays is ${days}. Expected 7 to 30, or 0 to delete at once.`);
}

/** @throws OPTIONS for tags that AWS would refuse */
function checkTags(tags: Readonly<Record<string, string>> = {}): void {
  if (isReference(tags)) return;
  const names = Object.keys(tags);
  const reserved = names.find((name) => /^aws:/i.test(name));
  if (reserved !== undefined)
    throw new ConstructError(
      'OPTIONS',
      `tags has "${reserved}". Expected a name that does not begin with aws:, as AWS's own do.`,
    );
  if (names.length <= 50) return;
  throw new ConstructError('OPTIONS', `tags has ${names.length} tags. Secrets Manager accepts at most 50.`);
}
