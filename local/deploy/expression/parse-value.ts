import { DeployError } from '../deploy-error.ts';
import type { Expression } from './expression.ts';
import { parseTemplate } from './parse-template.ts';

/**
 * Reads any value in Terraform's JSON. Every string in it is a template, keys included. `//` is a comment.
 *
 * @throws UNSUPPORTED and STACK as `parseTemplate` does.
 */
export function parseValue(value: unknown): Expression {
  if (typeof value === 'string') return parseTemplate(value);
  if (Array.isArray(value)) return { kind: 'list', items: value.map(parseValue) };
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return { kind: 'literal', value };
  if (typeof value !== 'object') throw new DeployError('STACK', 'is not a JSON value.');
  const entries = Object.entries(value).filter(([key]) => key !== '//');
  return { kind: 'object', entries: entries.map(([key, member]) => [parseTemplate(key), parseValue(member)] as const) };
}
