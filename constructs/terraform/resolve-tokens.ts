import { DefaultTokenResolver, StringConcat, Tokenization } from 'cdktf';
import type { Construct } from 'constructs';

const resolver = new DefaultTokenResolver(new StringConcat());

/** A value as Terraform gets it: cdktf's tokens replaced by the expressions that they stand for. */
export function resolveTokens(value: unknown, scope: Construct): unknown {
  return Tokenization.resolve(value, { scope, resolver, preparing: false });
}
