// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform's own interpolation
import { describe, expect, it } from 'vitest';
import { jsonTemplate } from '../../constructs/secret/json-template.ts';
import { evaluate } from '../../local/deploy/expression/evaluate.ts';
import { parseTemplate } from '../../local/deploy/expression/parse-template.ts';
import { refusal } from './refusal.ts';

/** What Terraform makes of a template that refers to nothing. */
function written(template: string): unknown {
  return evaluate(parseTemplate(template), (path) => {
    throw new Error(`Refers to ${path.join('.')}.`);
  });
}

describe('jsonTemplate', () => {
  it.each([
    ['quotes and backslashes', 'C:\\new "folder"'],
    ['line ends', 'first\r\nsecond\ttab'],
    ['the start of an interpolation', '${var.first_password}'],
    ['the start of a directive', '%{ if true }'],
    ['what Terraform reads as an escaped start', '$${a} %%{b} $$${c}'],
    ['separate dollars, percents and braces', '$ % { } $} 100% ${'],
    ['letters beyond ASCII', 'Zoë 日本 🔑'],
  ])('leaves %s in a literal as they are', (_what, value) => {
    expect(JSON.parse(String(written(jsonTemplate({ [value]: [value] }))))).toEqual({ [value]: [value] });
  });

  it('writes JSON as JSON.stringify does, and leaves out fields without a value', () => {
    const value = { port: 5432, ratio: 0.1, tls: true, note: null, hosts: ['a', { b: [] }], absent: undefined };
    expect(jsonTemplate(value)).toBe(JSON.stringify(value));
  });

  it.each([
    ['a Date', new Date(0)],
    ['a Map', new Map()],
    ['a bigint', 1n],
    ['a number', Number.NaN],
    ['a undefined', [undefined]],
  ])('refuses %s', (_kind, value) => {
    const error = refusal(() => jsonTemplate({ value }));
    expect(error.code).toBe('INITIAL_VALUE');
    expect(error.message).toContain('which is not JSON');
  });
});
