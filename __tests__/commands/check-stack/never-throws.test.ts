import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StackToAttack } from './stack-to-attack.ts';

const $ = (expression: string) => `\${${expression}}`;
const SEED = 13;
const ROUNDS = 4000;

beforeAll(() => StackToAttack.synthesize());
afterAll(() => StackToAttack.removeAll());

/** Numbers from 0 to before 1, the same at each run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('check-stack never throws', () => {
  it.each([
    ['a line break within an index', 'local.x["a\nb"]'],
    ['an escape of a character that does not exist', '"\\UFFFFFFFF"'],
    ...['[', '(', '{a=', '!', '-', 'upper(', 'true ? '].map((part) => [`50,000 nested ${part}`, part.repeat(50_000)]),
    ['50,000 nested templates', '"${'.repeat(50_000)],
  ])('at %s: it refuses, and says where', (_, expression) => {
    const stack = new StackToAttack().change((json) => (json.output.own = { value: $(expression) }));
    expect(stack.refused()).toEqual(['cdk.tf.json: output.own.value: an expression that is not read here']);
  });

  it('at an index with a leading zero, which it reads as Terraform does', () => {
    const stack = new StackToAttack().change((json) => (json.output.own = { value: $('local.x[01]') }));
    expect(stack.refused()).toEqual([]);
  });

  it(`at any of ${ROUNDS} expressions that are put together at random (seed ${SEED})`, () => {
    const random = seeded(SEED);
    const pieces = [
      ...['${', '%{', '$${', '}', '{', '[', ']', '(', ')', '"', '\\', '\\u', '\\U0011FFFF', '\n', '\0', '\u2028', '~'],
      ...[
        'local.x',
        'var.first',
        'file',
        'upper',
        '.',
        '.*',
        '[*]',
        '[01]',
        '["a"]',
        ',',
        '=',
        ':',
        '?',
        '!',
        '-',
        '==',
      ],
      ...['&&', '<<', '<<-A\n', 'for', ' ', '0', '1e999', 'true', '/*', '//', '#', 'é', '\ud83d', '::', '__proto__'],
    ];
    const piece = () => pieces[Math.floor(random() * pieces.length)] ?? '';
    const outputs = Array.from({ length: ROUNDS }, (_, index) => {
      const text = Array.from({ length: 1 + Math.floor(random() * 12) }, piece).join('');
      return [`a${index}`, { value: random() < 0.7 ? `\${${text}` : text }] as const;
    });
    const stack = new StackToAttack().change((json) => {
      json.output = Object.fromEntries(
        outputs.map(([name, { value }]) => [name, { value: value.replaceAll(/\0|\ud83d/g, '') }]),
      );
    });
    const refused = stack.refused();
    // Each is judged on its own: were one thrown at, the file alone would be named.
    expect(refused.filter((line) => !line.startsWith('cdk.tf.json: output.a'))).toEqual([]);
    expect(refused.length).toBeGreaterThan(ROUNDS / 2);
  });

  it('at JSON of any shape in place of any block', () => {
    const random = seeded(SEED);
    const values = [
      null,
      true,
      0,
      '',
      '${',
      [],
      {},
      [[]],
      [{}],
      [null],
      { a: null },
      { a: [{ b: {} }] },
      { __proto__: {} },
    ];
    for (let round = 0; round < 300; round += 1) {
      const stack = new StackToAttack().change((json) => {
        const sections = Object.keys(json);
        const section = sections[Math.floor(random() * sections.length)] ?? '';
        const parents = [json, json[section], Object.values(json[section])[0]].filter((each) => Object(each) === each);
        const parent = parents[Math.floor(random() * parents.length)];
        const keys = Object.keys(parent);
        parent[keys[Math.floor(random() * keys.length)] ?? 'a'] = values[Math.floor(random() * values.length)];
      });
      expect(stack.refused().join()).not.toContain('cdk.tf.json: something that this check cannot read');
    }
  });
});
