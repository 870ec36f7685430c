// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform's own interpolation
import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity/index.js';
import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { type TerraformStack, TerraformVariable } from 'cdktf';
import { describe, expect, it } from 'vitest';
import {
  type ResourcePolicy,
  RotatedSecret,
  type RotatedSecretProps,
  Rotation,
  Schedule,
  SecretsManagerEndpoint,
  StaticSecret,
} from '../../constructs/index.ts';
import { refusal } from './refusal.ts';
import { blockOf, blocksOf } from './stack-json.ts';
import { synthWarnings } from './synth-warnings.ts';
import { synthesize } from './synthesize.ts';

const rotating = { rotation: Rotation.password(), schedule: Schedule.rate({ days: 30 }) };
const secretArn = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:billing-AbCdEf';
const everybody = [{ type: '*', identifiers: ['*'] }];
const all = ['secretsmanager:*'];
const ADMIN = 'arn:aws:iam::111122223333:role/admin';

type Condition = readonly [test: string, variable: string, ...values: string[]];
const deny = (
  actions: string[],
  conditions: readonly Condition[] = [],
  more: object = {},
): DataAwsIamPolicyDocumentStatement => ({
  ...{ sid: 'DenyOthers', effect: 'Deny', principals: everybody, actions },
  condition: conditions.map(([test, variable, ...values]) => ({ test, variable, values })),
  ...more,
});

/** A document does not know that it is about a secret. */
const inDocument = { resources: ['*'] };

type Given = ResourcePolicy | ((stack: TerraformStack) => ResourcePolicy);
const policyOf = (stack: TerraformStack, given: Given) => (typeof given === 'function' ? given(stack) : given);
const rotated = (stack: TerraformStack, given: Given, props: Partial<RotatedSecretProps> = {}) =>
  new RotatedSecret(stack, 'db', { name: 'app/db', ...rotating, ...props, resourcePolicy: policyOf(stack, given) });

describe('resourcePolicy', () => {
  it('becomes the policy of the secret, and may not be public', () => {
    const stack = synthesize((stack) => rotated(stack, [deny(['secretsmanager:DeleteSecret'])]));
    expect(blockOf(stack, 'aws_secretsmanager_secret_policy')).toEqual({
      secret_arn: expect.stringMatching(/^\$\{aws_secretsmanager_secret\.db_\w+\.arn\}$/),
      policy: expect.stringMatching(/^\$\{data\.aws_iam_policy_document\.db_resource_policy_document_\w+\.json\}$/),
      block_public_policy: true,
    });
    expect(blockOf(stack, 'aws_iam_policy_document', 'resource_policy').statement).toEqual([
      expect.objectContaining({ effect: 'Deny', resources: ['*'], actions: ['secretsmanager:DeleteSecret'] }),
    ]);
  });

  it('creates no policy without a statement', () => {
    expect(
      blocksOf(
        synthesize((stack) => rotated(stack, [])),
        'aws_secretsmanager_secret_policy',
      ),
    ).toEqual([]);
  });

  it('may be JSON, to which statements are added', () => {
    const json = JSON.stringify({
      Statement: { Effect: 'Deny', Principal: '*', Action: 'secretsmanager:DeleteSecret', Resource: '*' },
    });
    const stack = synthesize((stack) => rotated(stack, json).addToResourcePolicy(deny(['secretsmanager:TagResource'])));
    expect(blockOf(stack, 'aws_iam_policy_document', 'resource_policy')).toMatchObject({
      source_policy_documents: [json],
      statement: [{ actions: ['secretsmanager:TagResource'] }],
    });
  });

  it('excepts the function’s role where it is added after the secret', () => {
    synthesize((stack) => {
      const secret = rotated(stack, []);
      const except = ['ArnNotEquals', 'aws:PrincipalArn', secret.rotationFunction.roleArn, ADMIN] as const;
      secret.addToResourcePolicy(deny(all, [except]));
    });
  });

  it('of an existing secret is written only if the user declares it', () => {
    const grant = (resourcePolicy?: ResourcePolicy) =>
      synthesize((stack) => {
        const secret = RotatedSecret.existing(stack, 'billing', { secretArn, resourcePolicy, ...rotating });
        secret.addToResourcePolicy(deny(['secretsmanager:DeleteSecret']));
      });
    expect(refusal(() => grant()).message).toContain('may have a policy of its own, which would be written over');
    expect(blockOf(grant([]), 'aws_secretsmanager_secret_policy').secret_arn).toBe(secretArn);
  });
});

describe('resourcePolicy is refused if it locks out the function’s role', () => {
  const messageOf = (given: Given, props?: (stack: TerraformStack) => Partial<RotatedSecretProps>) =>
    refusal(() => synthesize((stack) => rotated(stack, given, props?.(stack)))).message;
  const inVpc = (stack: TerraformStack) => {
    const subnetIds = ['subnet-0123456789abcdef0'];
    const secretsManagerEndpoint = new SecretsManagerEndpoint(stack, 'endpoint', { subnetIds });
    return { functionOptions: { network: { subnetIds, secretsManagerEndpoint } } };
  };

  it.each<[string, Given]>([
    ['by a list of roles', [deny(all, [['ArnNotEquals', 'aws:PrincipalArn', ADMIN]])]],
    [
      'by a list of other roles of the stack',
      (stack) => {
        const { arn } = new IamRole(stack, 'web', { assumeRolePolicy: '{}' });
        return [deny(all, [['StringNotEquals', 'aws:PrincipalArn', arn]])];
      },
    ],
    ['by a pattern', [deny(all, [['ArnNotLike', 'aws:PrincipalArn', 'arn:aws:iam::*:role/app-*']])]],
    [
      'by NotPrincipal',
      [
        deny(all, [], {
          principals: undefined,
          notPrincipals: [{ type: 'AWS', identifiers: [ADMIN, '111122223333'] }],
        }),
      ],
    ],
    ['by an endpoint', [deny(all, [['StringNotEquals', 'aws:SourceVpce', 'vpce-0123456789abcdef0']])]],
    ['by a VPC', [deny(all, [['StringNotEqualsIfExists', 'aws:SourceVpc', 'vpc-0123456789abcdef0']])]],
    ['by addresses', [deny(all, [['NotIpAddress', 'aws:SourceIp', '203.0.113.0/24']])]],
    ['by a second factor', [deny(all, [['BoolIfExists', 'aws:MultiFactorAuthPresent', 'false']])]],
    ['by a key that only services have', [deny(all, [['Null', 'aws:CalledVia', 'true']])]],
    ['by one action', [deny(['secretsmanager:Put*'], [['ArnNotEquals', 'aws:PrincipalArn', ADMIN]])]],
    [
      'by its label',
      [
        deny(
          ['secretsmanager:GetSecretValue'],
          [
            ['StringEquals', 'secretsmanager:VersionStage', 'AWSPENDING'],
            ['ArnNotEquals', 'aws:PrincipalArn', ADMIN],
          ],
        ),
      ],
    ],
    [
      'by other actions',
      [
        deny([], [['ArnNotEquals', 'aws:PrincipalArn', ADMIN]], {
          actions: undefined,
          notActions: ['secretsmanager:GetSecretValue'],
        }),
      ],
    ],
    [
      'by the secret’s own ARN',
      [
        deny(all, [['ArnNotEquals', 'aws:PrincipalArn', ADMIN]], {
          resources: ['arn:aws:secretsmanager:*'.replace(/aws.*/, '*')],
        }),
      ],
    ],
    [
      'in JSON',
      JSON.stringify({
        Statement: [
          {
            Sid: 'DenyOthers',
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: 'secretsmanager:*',
            Resource: '*',
            Condition: { ArnNotEquals: { 'aws:PrincipalArn': [ADMIN] } },
          },
        ],
      }),
    ],
    [
      'in a document of the stack',
      (stack) => {
        const statement = [deny(all, [['ArnNotEquals', 'aws:PrincipalArn', ADMIN]], inDocument)];
        return new DataAwsIamPolicyDocument(stack, 'own', { statement }).json;
      },
    ],
    ['by all values of a key', [deny(all, [['ForAllValues:ArnNotEquals', 'aws:PrincipalArn', ADMIN]])]],
    ['by any value of a key', [deny(all, [['ForAnyValue:ArnNotEquals', 'aws:PrincipalArn', ADMIN]])]],
    [
      'by all values of a key that it does not have',
      [deny(all, [['ForAllValues:StringEquals', 'aws:CalledVia', 'athena.amazonaws.com']])],
    ],
    [
      'in a document that another one is made of',
      (stack) => {
        const statement = [deny(all, [['ArnNotEquals', 'aws:PrincipalArn', ADMIN]], inDocument)];
        const source = new DataAwsIamPolicyDocument(stack, 'source', { statement }).json;
        return new DataAwsIamPolicyDocument(stack, 'own', { sourcePolicyDocuments: [source] }).json;
      },
    ],
    [
      'in JSON that overrides a document',
      (stack) => {
        const harmless = [deny(['secretsmanager:DeleteSecret'])];
        const Condition = { ArnNotEquals: { 'aws:PrincipalArn': ADMIN } };
        const override = { Sid: 'DenyOthers', Effect: 'Deny', Principal: '*', Action: all, Resource: '*', Condition };
        const overridePolicyDocuments = [JSON.stringify({ Statement: [override] })];
        return new DataAwsIamPolicyDocument(stack, 'own', { statement: harmless, overridePolicyDocuments }).json;
      },
    ],
  ])('%s', (_, given) => {
    expect(messageOf(given)).toMatch(
      /^The resourcePolicy of test\/db denies secretsmanager:\w+ to the role of the function that rotates it, by the statement "DenyOthers": no rotation would succeed\./,
    );
  });

  it.each<[string, (accountId: string) => DataAwsIamPolicyDocumentStatement]>([
    ['principal', (id) => deny(all, [], { principals: [{ type: 'AWS', identifiers: [id] }] })],
    ['root', (id) => deny(all, [], { principals: [{ type: 'AWS', identifiers: [`arn:aws:iam::${id}:root`] }] })],
    ['condition', (id) => deny(all, [['StringEquals', 'aws:PrincipalAccount', id]])],
  ])('by its account from a data source of the stack, and not by that of another provider: %s', (_, statement) => {
    const own = (stack: TerraformStack) => [statement(new DataAwsCallerIdentity(stack, 'me').accountId)];
    expect(refusal(() => synthesize((stack) => rotated(stack, own))).message).toMatch(/ denies secretsmanager:/);
    const other = (stack: TerraformStack) => {
      const provider = new AwsProvider(stack, 'other', { alias: 'other', region: 'us-east-1' });
      return [statement(new DataAwsCallerIdentity(stack, 'them', { provider }).accountId)];
    };
    expect(() => synthesize((stack) => rotated(stack, other))).not.toThrow();
  });

  it('by another endpoint than the function’s, and not by its own', () => {
    const other: Given = [deny(all, [['StringNotEquals', 'aws:SourceVpce', 'vpc-0123456789abcdef0']])];
    expect(messageOf(other, inVpc)).toContain('to the role of the function');
    synthesize((stack) => {
      const props = inVpc(stack);
      const { id } = props.functionOptions.network.secretsManagerEndpoint.endpoint;
      rotated(stack, [deny(all, [['StringNotEquals', 'aws:SourceVpce', id]])], props);
    });
  });
});

describe('resourcePolicy is refused if it locks out everybody', () => {
  it.each<[string, Given]>([
    ['who reads', [deny(['secretsmanager:GetSecretValue'])]],
    ['who changes the policy', [deny(['secretsmanager:*ResourcePolicy'])]],
    ['by a principal', [deny(all, [], { principals: [{ type: 'AWS', identifiers: ['*'] }] })]],
    ['by what every request has', [deny(all, [['Bool', 'aws:SecureTransport', 'true']])]],
    [
      'by two statements',
      [deny(['secretsmanager:PutResourcePolicy']), deny(['secretsmanager:DeleteResourcePolicy'], [], { sid: 'Other' })],
    ],
    ['by an empty list', [deny(all, [['ArnNotEquals', 'aws:PrincipalArn']])]],
  ])('%s', (_, given) => {
    const error = refusal(() =>
      synthesize(
        (stack) => new StaticSecret(stack, 'key', { name: 'app/key', resourcePolicy: policyOf(stack, given) }),
      ),
    );
    expect(error).toMatchObject({
      code: 'OPTIONS',
      message: expect.stringMatching(/^The resourcePolicy of test\/key denies .+ to everybody/),
    });
  });
});

describe('resourcePolicy is taken', () => {
  it.each<[string, Given]>([
    ['for who uses no TLS', [deny(all, [['Bool', 'aws:SecureTransport', 'false']])]],
    ['for another organization', [deny(all, [['StringNotEquals', 'aws:PrincipalOrgID', 'o-0123456789']])]],
    ['for another account', [deny(all, [['StringNotEquals', 'aws:PrincipalAccount', '111122223333']])]],
    [
      'for a role',
      [deny(all, [], { principals: [{ type: 'AWS', identifiers: ['arn:aws:iam::111122223333:role/intern'] }] })],
    ],
    [
      'but for a pattern that fits the function’s role',
      [
        deny(all, [
          [
            'ArnNotLike',
            'aws:PrincipalArn',
            'arn:aws:iam::111122223333:role/rotate-*',
            'arn:aws:iam::111122223333:role/*',
          ],
        ]),
      ],
    ],
    [
      'for another secret',
      [deny(all, [], { resources: ['arn:aws:secretsmanager:us-east-1:111122223333:secret:other'] })],
    ],
    [
      'by any value of a key that no request of the function has',
      [deny(all, [['ForAnyValue:StringNotEquals', 'aws:CalledVia', 'athena.amazonaws.com']])],
    ],
    [
      'in a document whose statement another one replaces',
      (stack) => {
        const source = new DataAwsIamPolicyDocument(stack, 'source', {
          statement: [deny(all, [['ArnNotEquals', 'aws:PrincipalArn', ADMIN]], inDocument)],
        });
        return new DataAwsIamPolicyDocument(stack, 'own', {
          sourcePolicyDocuments: [source.json],
          statement: [deny(all, [['Bool', 'aws:SecureTransport', 'false']], inDocument)],
        }).json;
      },
    ],
    [
      'but for a list that only Terraform knows',
      (stack) => {
        const roles = new TerraformVariable(stack, 'roles', { type: 'list(string)' }).listValue;
        return [{ ...deny(all), condition: [{ test: 'ArnNotEquals', variable: 'aws:PrincipalArn', values: roles }] }];
      },
    ],
  ])('if it denies %s', (_, given) => {
    expect(synthWarnings((stack) => void rotated(stack, given))).toEqual([]);
  });
});

describe('resourcePolicy warns', () => {
  const warningsOf = (given: Given, provider?: (stack: TerraformStack) => AwsProvider) =>
    synthWarnings((stack) => {
      const secret = new StaticSecret(stack, 'key', {
        name: 'app/key',
        provider: provider?.(stack),
        resourcePolicy: policyOf(stack, given),
      });
      expect(secret.secretArn).toBeTruthy();
    });
  const deploying = (role: string) => (stack: TerraformStack) =>
    new AwsProvider(stack, 'b', {
      alias: 'b',
      region: 'us-east-1',
      assumeRole: [{ roleArn: `arn:aws:iam::111122223333:role/${role}` }],
    });
  const exceptAdmin: Given = [deny(all, [['ArnNotEquals', 'aws:PrincipalArn', ADMIN]])];

  it('if it exempts a role that is not known to deploy', () => {
    expect(warningsOf(exceptAdmin)).toEqual([
      expect.stringMatching(
        /^The statement "DenyOthers" of the resourcePolicy denies secretsmanager:DescribeSecret to the role that deploys/,
      ),
    ]);
  });

  it('if the provider deploys as another role, and not if it deploys as that one', () => {
    expect(warningsOf(exceptAdmin, deploying('deploy'))).toHaveLength(1);
    expect(warningsOf(exceptAdmin, deploying('admin'))).toEqual([]);
  });

  it('not if the exempt role may be the one that deploys', () => {
    const pattern: Given = [deny(all, [['ArnNotLike', 'aws:PrincipalArn', 'arn:aws:iam::111122223333:role/*']])];
    expect(warningsOf(pattern)).toEqual([]);
  });

  it('if only Terraform knows it', () => {
    const policy: Given = (stack) => new TerraformVariable(stack, 'policy', { type: 'string' }).stringValue;
    expect(warningsOf(policy)).toEqual([
      expect.stringContaining('The resourcePolicy has a part that only Terraform knows'),
    ]);
  });

  it.each(['sourcePolicyDocuments', 'overridePolicyDocuments'])('if only Terraform knows one of the %s', (option) => {
    const policy: Given = (stack) => {
      const { stringValue } = new TerraformVariable(stack, 'policy', { type: 'string' });
      const harmless = [deny(['secretsmanager:DeleteSecret'], [['Bool', 'aws:SecureTransport', 'false']], inDocument)];
      return new DataAwsIamPolicyDocument(stack, 'own', { statement: harmless, [option]: [stringValue] }).json;
    };
    expect(warningsOf(policy)).toEqual([
      expect.stringContaining('The resourcePolicy has a part that only Terraform knows'),
    ]);
  });

  it('if it is public on purpose', () => {
    const allow = [{ principals: everybody, actions: ['secretsmanager:GetSecretValue'] }];
    const warnings = synthWarnings((stack) => {
      new StaticSecret(stack, 'key', { name: 'app/key', resourcePolicy: allow, blockPublicPolicy: false });
    });
    expect(warnings).toEqual([expect.stringContaining('in any AWS account')]);
  });
});

describe('resourcePolicy is not public', () => {
  it.each([
    ['roles of one account', 'ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::111122223333:role/*'],
    ['sessions of one role', 'StringLike', 'aws:userid', 'AROAEXAMPLE:*'],
    ['a part of an organization', 'ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', 'o-a1b2c3d4e5/*/ou-ab12/*'],
    ['an account that Terraform knows', 'StringEquals', 'aws:PrincipalAccount', '${var.is_live ? "1" : "2"}'],
  ])('if it is limited to %s', (_, test, variable, value) => {
    const condition = [{ test, variable, values: [value] }];
    const statement = { principals: everybody, actions: ['secretsmanager:GetSecretValue'], condition };
    synthesize((stack) => new StaticSecret(stack, 'key', { name: 'app/key', resourcePolicy: [statement] }));
  });
});

describe('resourcePolicy is refused if it is', () => {
  const allow = { principals: everybody, actions: ['secretsmanager:GetSecretValue'] };
  it.each<[string, unknown, string]>([
    ['no policy', 'policy', 'resourcePolicy is no JSON'],
    ['an empty policy', '{}', 'resourcePolicy is JSON without a Statement'],
    ['an object', { Statement: [] }, 'resourcePolicy is neither statements nor text'],
    ['public', [allow], 'allows everybody what the statement number 1 says, in any account'],
    [
      'public by a pattern',
      [{ ...allow, condition: [{ test: 'ArnLike', variable: 'aws:PrincipalArn', values: ['*'] }] }],
      'in any account',
    ],
    ...[
      ['all accounts', 'ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::*:role/web'],
      ['all values of a key', 'ForAllValues:StringEquals', 'aws:PrincipalArn', ADMIN],
      ['the first digit of an account', 'StringLike', 'aws:PrincipalAccount', '1*'],
    ].map(([what = '', test = '', variable = '', value = '']): [string, unknown, string] => [
      `public by ${what}`,
      [{ ...allow, condition: [{ test, variable, values: [value] }] }],
      'in any account',
    ]),
    [
      'public but for a label',
      [
        {
          ...allow,
          condition: [{ test: 'StringEquals', variable: 'secretsmanager:VersionStage', values: ['AWSCURRENT'] }],
        },
      ],
      'in any account',
    ],
    ...[
      ['conditions', { conditions: [] }, 'has the name "conditions" in the statement number 1. It knows sid, effect'],
      ['Effect', { Effect: 'Deny' }, 'has the name "Effect" in the statement number 1'],
      [
        'operator',
        { condition: [{ operator: 'Bool' }] },
        'has, in condition, the name "operator" in the statement number 1',
      ],
      ['value', { condition: [{ test: 'Bool', variable: 'x', value: 'y' }] }, 'It knows test, variable, values'],
      ['ids', { principals: [{ type: 'AWS', ids: ['*'] }] }, 'has, in principals, the name "ids"'],
      ['AWS', { notPrincipals: [{ AWS: '*' }] }, 'It knows type, identifiers'],
    ].map(([name, more, message]): [string, unknown, string] => [
      `of a misspelt ${name}`,
      [{ ...allow, ...Object(more) }],
      String(message),
    ]),
    [
      'of a condition that is not a list',
      [{ ...allow, condition: { test: 'Bool', variable: 'aws:SecureTransport', values: ['true'] } }],
      'has condition in the statement number 1 that is not a list of objects',
    ],
    ['for nobody', [{ actions: all }], 'has no principals in the statement number 1'],
    ['about nothing', [{ principals: everybody }], 'has no actions in the statement number 1'],
    ['of another effect', [{ ...allow, effect: 'Refuse' }], 'has the effect "Refuse" in the statement number 1'],
    [
      'for all but some',
      [{ actions: all, notPrincipals: [{ type: 'AWS', identifiers: [ADMIN] }] }],
      'NotPrincipal is for Deny',
    ],
  ])('%s', (_, resourcePolicy, message) => {
    const error = refusal(() =>
      synthesize(
        (stack) => new StaticSecret(stack, 'key', { name: 'app/key', resourcePolicy: resourcePolicy as string }),
      ),
    );
    expect(error).toMatchObject({ code: 'OPTIONS', message: expect.stringContaining(message) });
  });
});
