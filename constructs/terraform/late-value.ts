import { type IResolveContext, Lazy, LazyBase, Tokenization } from 'cdktf';
import type { Construct } from 'constructs';
import { resolveTokens } from './resolve-tokens.ts';

/** Whether synth makes the value late, by cdktf's `Lazy`: it may be a literal. */
export function isLate(value: unknown): boolean {
  return mayBeToken(value) && Tokenization.reverse(value).some((token) => token instanceof LazyBase);
}

/** cdktf throws if it is asked about anything else. */
function mayBeToken(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every((each) => typeof each === 'string');
  return typeof value === 'string' || typeof value === 'number' || Tokenization.isResolvable(value);
}

/** A late value as an argument of Terraform's functions: cdktf writes a literal that comes late without its quotes. */
export function lateArgument(value: unknown) {
  const produce = ({ scope }: IResolveContext) => expressionOf(resolveTokens(value, scope as Construct));
  return Lazy.anyValue({ produce });
}

function expressionOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(expressionOf).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([name, part]) => `${JSON.stringify(name)} = ${expressionOf(part)}`)
      .join(', ')}}`;
  }
  if (typeof value !== 'string') return JSON.stringify(value);
  const [, expression] = /^\$\{((?:(?!\$\{).)*)\}$/s.exec(value) ?? [];
  return expression ?? (value.includes('${') ? `"${value}"` : JSON.stringify(value).replaceAll('%{', '%%{'));
}
