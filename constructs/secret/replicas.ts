import { Fn } from 'cdktf';
import type { Construct } from 'constructs';
import { checkKeyArn } from '../checks/check-key-arn.ts';
import { checkOptions } from '../checks/check-options.ts';
import { regionOf } from '../checks/check-region.ts';
import { ConstructError } from '../construct-error.ts';
import { knownRegion, partitionOf, regionText } from '../terraform/known-place.ts';
import { argument, isReference } from '../terraform/references.ts';
import { resolveTokens } from '../terraform/resolve-tokens.ts';
import { StackPlace } from '../terraform/stack-place.ts';

/** Where a secret can be read besides its own region. */
export interface Replica {
  /** Such as `eu-west-1`. */
  readonly region: string;
  /** The customer key of that region that encrypts the replica. @default AWS's own key, `aws/secretsmanager` */
  readonly kmsKeyArn?: string;
}

/**
 * Refuses what Secrets Manager would: a region twice, the secret's own, one of another partition, a key of another region.
 * @throws OPTIONS
 */
export function checkReplicas(scope: Construct, replicas: readonly Replica[] = []): void {
  if (!Array.isArray(replicas)) throw refused(`is not a list. Expected [{ region: 'eu-west-1' }]`);
  const own = regionText(scope);
  const seen = new Set<string>();
  for (const replica of replicas as readonly Replica[]) {
    checkOptions('A replica', replica, { region: 'required', kmsKeyArn: 'optional' });
    const { region, kmsKeyArn } = replica;
    if (!isReference(region) && !/^[a-z]{2,4}(-[a-z]+)+-\d+$/.test(region)) {
      throw refused(`has "${region}" as a region. Expected the name of one, such as eu-west-1`);
    }
    const text = String(resolveTokens(region, scope));
    if (text === own)
      throw refused(`has the secret's own region${isReference(region) ? '' : ` ${region}`}. Leave it out`);
    if (seen.has(text)) throw refused(`has ${isReference(region) ? 'a region' : region} twice. Leave one out`);
    seen.add(text);
    checkPartition(scope, region);
    checkKeyArn(kmsKeyArn, 'kmsKeyArn of a replica');
    const ofKey = kmsKeyArn === undefined ? undefined : regionOf(scope, kmsKeyArn);
    if (ofKey === undefined || isReference(region) || ofKey === region) continue;
    throw refused(`has a kmsKeyArn of ${ofKey} for ${region}. Expected a key of the replica's own region`);
  }
}

function checkPartition(scope: Construct, region: string): void {
  const own = knownRegion(scope);
  if (own === undefined || isReference(region) || partitionOf(own) === partitionOf(region)) return;
  throw refused(
    `has ${region}, and the secret is in ${own}: AWS keeps ${partitionOf(region)} and ${partitionOf(own)} apart. Expected a region ` +
      `of ${partitionOf(own)}`,
  );
}

/** A secret's ARN in another region: the same but for that. */
export function arnInRegion(scope: Construct, secretArn: string, region: string): string {
  if (!isReference(secretArn)) return secretArn.replace(/^((?:[^:]*:){3})[^:]*/, (_, start) => `${start}${region}`);
  const own = knownRegion(scope) ?? StackPlace.of(scope).region;
  return Fn.replace(argument(secretArn), argument(`:${own}:`), argument(`:${region}:`));
}

/** The customer keys of replicas, each with the secret's ARN there. */
export function replicaKeys(replicas: readonly Replica[], arnIn: (region: string) => string) {
  return replicas.flatMap(({ region, kmsKeyArn }) =>
    kmsKeyArn === undefined ? [] : [{ kmsKeyArn, region, secretArn: arnIn(region) }],
  );
}

function refused(problem: string): ConstructError {
  return new ConstructError('OPTIONS', `replicas ${problem}.`);
}
