import type { Construct } from 'constructs';
import { ConstructError } from '../construct-error.ts';
import { isSamePlace, knownAccount, knownRegion, placeName } from '../terraform/known-place.ts';
import { isReference } from '../terraform/references.ts';
import { referredElement } from '../terraform/referred-element.ts';

/**
 * Refuses what is in another region than the scope: a function reads and writes secrets of its own region alone, and a key
 * encrypts nothing elsewhere.
 * @param what gives the ARN, as its user wrote it
 * @throws OPTIONS where both regions are known, and differ
 */
export function checkRegion(scope: Construct, what: string, arn: string | undefined): void {
  const found = arn === undefined ? undefined : regionOf(scope, arn);
  const expected = knownRegion(scope);
  if (found === undefined || expected === undefined || found === expected) return;
  throw apart(scope, what, found);
}

/**
 * Refuses a secret of another region or account than the function that rotates it.
 * @throws OPTIONS where both places are known, and differ
 */
export function checkPlace(scope: Construct, what: string, arn: string): void {
  checkRegion(scope, what, arn);
  const [, , , , found] = isReference(arn) ? [] : arn.split(':');
  const expected = knownAccount(scope);
  if (found !== undefined && expected !== undefined && found !== expected) throw apart(scope, what, `account ${found}`);
  const element = referredElement(scope, arn);
  if (element !== undefined && !isSamePlace(scope, element)) throw apart(scope, what, placeName(element));
}

/** Where the resource of an ARN is; undefined where only Terraform knows it. */
export function regionOf(scope: Construct, arn: string): string | undefined {
  if (!isReference(arn)) return arn.split(':')[3];
  const element = referredElement(scope, arn);
  return element && knownRegion(element);
}

function apart(scope: Construct, what: string, found: string): ConstructError {
  return new ConstructError(
    'OPTIONS',
    `${what} is in ${found}, and ${scope.node.path} in ${placeName(scope)}. Expected both in one region of one account: declare ` +
      'both with one provider.',
  );
}
