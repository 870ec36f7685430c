import { afterAll, beforeAll, expect, it } from 'vitest';
import { tableOf } from '../../docs/pages.ts';
import { first, type Json, StackToAttack } from './stack-to-attack.ts';

beforeAll(() => StackToAttack.synthesize());
afterAll(() => StackToAttack.removeAll());

/** An interpolation, which a string of a test cannot hold as it is. */
const $ = (expression: string) => `\${${expression}}`;
const output = (value: string) => (json: Json) => {
  json.output.own = { value };
};
const condition = (expression: string) => (json: Json) => {
  json.output.own = { value: 'a', precondition: [{ condition: $(expression), error_message: 'no' }] };
};
const provider = (version: string) => (json: Json) => {
  json.terraform.required_providers.aws.version = version;
};
const ofRole = (name: string, value: unknown) => (json: Json) => {
  first(json, 'resource', 'aws_iam_role')[name] = value;
};

/** What docs/check-stack.md says is refused, by how the row begins: each with stacks that do it. */
const REFUSED: Readonly<Record<string, readonly ((json: Json) => void)[]>> = {
  '`for` expressions': [output($('[for x in [1]: x]')), output('%{ if true }a%{ endif }'), output($('<<A\nb\nA\n'))],
  '`count`': [ofRole('count', 2), ofRole('for_each', $('toset(["a"])')), ofRole('dynamic', {})],
  modules: [
    (json) => {
      json.module = { a: { source: './a' } };
    },
  ],
  '`templatefile()`': [output($('templatefile("a", {})')), output($('file("/etc/passwd")'))],
  '`postcondition`': [
    ofRole('lifecycle', { postcondition: [{ condition: true, error_message: 'no' }] }),
    (json) => {
      json.check = { a: {} };
    },
  ],
  'a condition that reads': [
    condition('aws_iam_role.a.name == "a"'),
    (json) => {
      json.locals = { name: 'a' };
      condition('local.name == "a"')(json);
    },
  ],
  '`nonsensitive()`': [output($('nonsensitive(var.first)'))],
  'an AWS provider': [
    provider('~> 6.49.0'),
    provider('>= 6.45.0, < 7.0.0'),
    provider('>= 7.0.0'),
    provider('>= 6.50.0'),
  ],
  '`timestamp()`': [output($('timestamp()')), output($('uuid()')), output($('bcrypt("a")'))],
  'locals with more': [
    (json) => {
      json.locals = { a0: 'x' };
      for (let step = 1; step <= 30; step += 1)
        json.locals[`a${step}`] = $(`local.a${step - 1}`) + $(`local.a${step - 1}`);
    },
  ],
};

const rows = tableOf('docs/check-stack.md', /^refused$/).map(([refused = '']) => refused);

it.each(rows)('check-stack refuses, as its page says, %s', (row) => {
  const [, changes = []] = Object.entries(REFUSED).find(([beginning]) => row.startsWith(beginning)) ?? [];
  expect(changes).not.toEqual([]);
  for (const change of changes) expect(new StackToAttack().change(change).refused()).not.toEqual([]);
});

it('check-stack accepts the provider that its page requires', () => {
  expect(new StackToAttack().change(provider('>= 6.50.0, < 7.0.0')).refused()).toEqual([]);
});
