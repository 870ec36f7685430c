import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConstructError, Rotation } from '../../constructs/index.ts';
import { rotatedSecretString } from '../../constructs/secret/rotated-initial-value.ts';
import { hasTerraform, missingTerraform } from '../../harness/terraform-cli.ts';
import { conditionsOf, evaluated } from './conditions-of.ts';
import { localsIn } from './refused-inputs.ts';

interface Case {
  readonly field: string;
  readonly initial: Readonly<Record<string, unknown>>;
}

const name = fc.constantFrom('a', 'b', 'a/b', '~', '0', 'length', 'a.b');
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom('text', 7),
    fc.dictionary(name, tie('tree'), { maxKeys: 2 }),
    fc.array(tie('tree'), { maxLength: 2 }),
  ),
}));
const pointer = (names: readonly string[]) =>
  names.map((each) => `/${each.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** A field that often has a place in the value, and the value. */
const cases: fc.Arbitrary<Case> = fc.record({
  field: fc.oneof(
    fc.constantFrom('password', 'a.b', 'b.a', '.a'),
    fc.array(name, { minLength: 1, maxLength: 4 }).map(pointer),
  ),
  initial: fc.dictionary(name, tree, { minKeys: 1, maxKeys: 3 }),
});

describe.skipIf(!hasTerraform)(`A field that rotation changes${missingTerraform}`, () => {
  it('has a place in initial to the module if it has one to the constructs', async () => {
    const tried = fc
      .sample(cases, { numRuns: 1_000, seed: 20_261_128 })
      // A literal for the field itself is another question, which Terraform cannot answer.
      .filter((each) => !/literal/.test(refusalByConstructs(each)));
    const text = readFileSync('modules/password/rotated-secret.tf', 'utf8');
    const { names_around: around = '', json_words = '' } = Object.fromEntries(localsIn(text));
    const conditions = conditionsOf(text, 'initial').filter((each) => /local\.(fields|names_around)\b/.test(each));
    expect(conditions).toHaveLength(2);
    const expression = conditions
      .map((each) => `(${each})`)
      .join(' && ')
      .replaceAll('local.names_around', around)
      .replaceAll('local.fields', '[value.field]')
      .replaceAll('var.initial', 'value.initial')
      .replaceAll('var.fleet', 'null');
    const found = await evaluated(tried, expression, { json_words });
    const mismatches = tried.filter((each, index) => found[index] !== (refusalByConstructs(each) === 'accepted'));
    expect(mismatches).toEqual([]);
    const refused = found.filter((each) => each === false).length;
    expect(refused).toBeGreaterThan(tried.length / 5);
    expect(refused).toBeLessThan((tried.length * 4) / 5);
    console.info(`${tried.length} fields, ${refused} of them refused: 0 mismatches`);
  });
});

function refusalByConstructs({ field, initial }: Case): string {
  try {
    rotatedSecretString(initial, Rotation.password({ field }).needs, true);
    return 'accepted';
  } catch (error) {
    if (error instanceof ConstructError) return error.message;
    throw error;
  }
}
