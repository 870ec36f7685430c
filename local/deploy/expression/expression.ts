import type { TerraformFunction } from './functions.ts';

/** An attribute's value before its references are known. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  /** Text around interpolations. */
  | { readonly kind: 'template'; readonly parts: readonly Expression[] }
  | { readonly kind: 'reference'; readonly path: ReferencePath }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [key: Expression, value: Expression])[] }
  | { readonly kind: 'call'; readonly function: TerraformFunction; readonly arguments: readonly Expression[] };

/**
 * `data.aws_region.here.name` is `['data', 'aws_region', 'here', 'name']`. An index is a number, and `*` means each member of a
 * list.
 */
export type ReferencePath = readonly (string | number)[];
