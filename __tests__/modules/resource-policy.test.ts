import { readFileSync } from 'node:fs';
import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider/index.js';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { App, TerraformStack } from 'cdktf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConstructError, Rotation, RotationFunction } from '../../constructs/index.ts';
import { checkResourcePolicy } from '../../constructs/policy/check-resource-policy.ts';
import { hasTerraform, missingTerraform } from '../../harness/terraform-cli.ts';
import { PolicyRefused, parsePolicy } from '../../rules/resource-policy/parse-policy.ts';
import { conditionsOf, evaluated } from './conditions-of.ts';
import { localsIn } from './refused-inputs.ts';

const ARN = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:app-AbCdEf';
const ROLE = 'arn:aws:iam::111122223333:role/deploy';
/** Alone, or in a list. */
const listed = (...values: string[]) => {
  const value = fc.constantFrom(...values);
  return fc.oneof(value, fc.array(value, { minLength: 1, maxLength: 3 }));
};
const action = listed(
  ...[
    '*',
    'secretsmanager:*',
    'secretsmanager:Get*',
    'secretsmanager:Get*Value',
    's*:*',
    'secretsmanager:????????????',
  ],
  ...['secretsmanager:GetSecretValue', 'SecretsManager:getsecretvalue', 'secretsmanager:PutSecretValue'],
  ...['secretsmanager:PutResourcePolicy', 'secretsmanager:DeleteResourcePolicy', 'secretsmanager:*ResourcePolicy'],
  ...['secretsmanager:DeleteSecret', 'secretsmanager:ListSecretVersionIds', 'secretsmanager:UpdateSecretVersionStage'],
);
const principal = fc.oneof(
  { weight: 3, arbitrary: fc.constant('*') },
  { weight: 3, arbitrary: listed('*', ROLE, 'arn:aws:iam::111122223333:root').map((AWS) => ({ AWS })) },
  fc.constantFrom<object>({ AWS: '444455556666' }, { Service: 'lambda.amazonaws.com' }, { Service: '*' }),
);
const resource = fc.oneof({ weight: 4, arbitrary: fc.constant('*') }, listed('*', ARN, `${ARN.slice(0, -6)}*`));
const condition = fc.constantFrom<object>(
  ...[
    {},
    { StringEquals: {} },
    { Bool: { 'aws:SecureTransport': 'true' } },
    { Bool: { 'aws:SecureTransport': false } },
  ],
  { ArnNotEquals: { 'aws:PrincipalArn': ROLE } },
  { StringEquals: { 'aws:PrincipalAccount': '111122223333' } },
  { StringNotEquals: { 'secretsmanager:VersionStage': ['AWSCURRENT', 'AWSPENDING'] } },
);
const one = <T extends Record<string, fc.Arbitrary<unknown>>>(elements: T) =>
  fc.oneof(...Object.entries(elements).map(([name, values]) => values.map((value) => ({ [name]: value }))));
const some = (element: fc.Arbitrary<object>) => fc.option(element, { nil: {}, freq: 2 });
const statement = fc
  .tuple(
    fc.oneof({ weight: 9, arbitrary: fc.constantFrom('Deny', 'Deny', 'Allow') }, fc.constantFrom('deny', '')),
    fc.oneof({ weight: 5, arbitrary: one({ Principal: principal }) }, one({ NotPrincipal: principal })),
    one({ Action: action, NotAction: action }),
    fc.oneof({ weight: 5, arbitrary: one({ Resource: resource }) }, one({ NotResource: resource })),
    some(one({ Condition: condition })),
    fc.constantFrom<object>({}, {}, {}, {}, {}, {}, {}, {}, {}, { Conditon: {} }, { Sid: 'One' }),
  )
  .map(([Effect, ...elements]) => Object.assign({ Effect }, ...elements) as object);
const policies = fc.record({
  json: fc
    .oneof(statement, fc.array(statement, { maxLength: 3 }))
    .map((Statement) => JSON.stringify({ Version: '2012-10-17', Statement })),
  block_public_policy: fc.boolean(),
});

describe.skipIf(!hasTerraform)(`The policy of a secret${missingTerraform}`, () => {
  it.each([
    ['that rotates', 'modules/password/rotated-secret.tf'],
    ['that does not', 'modules/static-secret/main.tf'],
  ])('%s is refused by the module only if the constructs refuse it', async (_, file) => {
    const tried = fc.sample(policies, { numRuns: 500, seed: 20_261_128 });
    const text = readFileSync('modules/password/access.tf', 'utf8');
    const { statement_elements = '', lock_outs = '' } = Object.fromEntries(localsIn(text));
    const used = localsIn(readFileSync(file, 'utf8')).get('used_actions') ?? '';
    const conditions = conditionsOf(text, 'resource_policy').map((each) => `(${each})`);
    const found = await evaluated(tried, conditions.join(' &&\n').replaceAll('var.resource_policy', 'value'), {
      statement_elements,
      lock_outs,
      used_actions: used.replaceAll('local.rotation.reads_earlier_versions', 'false'),
    });
    const stack = new TerraformStack(new App(), 'test');
    new AwsProvider(stack, 'aws', { region: 'us-east-1', allowedAccountIds: ['111122223333'] });
    new ArchiveProvider(stack, 'archive');
    const rotationFunction = file.includes('static') ? undefined : rotationOf(stack);
    const expected = tried.map(({ json, block_public_policy: blockPublicPolicy }) =>
      isAccepted(() => {
        checkResourcePolicy(stack, parsePolicy(json), { secretArn: ARN, rotationFunction, blockPublicPolicy });
      }),
    );
    expect(new Set(found)).toEqual(new Set([true, false]));
    const mismatches = tried.map(({ json }, index) => (found[index] === false && expected[index] ? json : undefined));
    expect(mismatches.filter(Boolean)).toEqual([]);
    const refused = expected.filter((each) => !each).length;
    const seen = found.filter((each) => each === false).length;
    console.info(`${tried.length} policies: the constructs refuse ${refused}, the module ${seen} of them and no other`);
  });
});

function rotationOf(stack: TerraformStack): RotationFunction {
  const rotation = Rotation.password();
  return new RotationFunction(stack, 'rotation', { functionName: 'rotate-app', rotation, secretArn: ARN });
}

function isAccepted(check: () => void): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if (error instanceof ConstructError || error instanceof PolicyRefused) return false;
    throw error;
  }
}
