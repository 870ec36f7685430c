import type { PolicyStatement } from './policy-statement.ts';

/** Conditions on these keys keep a policy from being public, if they compare with fixed values. */
const NARROWING =
  /^(aws:(principal(account|arn|orgid|orgpaths)|source(account|arn|orgid|orgpaths|owner|vpc|vpce|vpcarn|ip)|userid|vpceaccount|vpceorgid)|kms:calleraccount)$/i;

/** `ForAllValues` holds for a request without the key, as `IfExists` does. */
const HOLDS_WITHOUT = /Not|IfExists|^ForAllValues:|^Null$/;

/**
 * Whether a statement allows access to everybody: an `Allow` for `*` that no condition narrows to fixed values. AWS proves it by
 * automated reasoning; here it is a rule, which is stricter.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
 */
export function isPublic({ effect, principals = [], conditions }: PolicyStatement): boolean {
  const everybody = principals.some(({ type, id }) => type === '*' || (type === 'AWS' && id === '*'));
  const isNarrowed = conditions.some(
    ({ test, variable, values }) => NARROWING.test(variable) && !HOLDS_WITHOUT.test(test) && !values.some(isAnybody),
  );
  return effect === 'Allow' && everybody && !isNarrowed;
}

/** Of an ARN, the account has to be fixed; of others, what they begin with, such as an organization or a role's id. */
function isAnybody(value: string): boolean {
  const text = value.replaceAll(/\$\{[^}]*\}/g, 'reference');
  const [, bits] = /^[\da-f:.]+\/(\d+)$/i.exec(text) ?? [];
  // Ranges of addresses that together may be all of them.
  if (bits !== undefined) return Number(bits) < (text.includes(':') ? 32 : 8);
  const decisive = text.startsWith('arn:') ? text.split(':')[4] : text.split(/[:/]/)[0];
  return decisive === undefined || /[*?]/.test(decisive) || text === '';
}
