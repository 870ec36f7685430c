// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform's own interpolation
import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider/index.js';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key/index.js';
import { AwsProvider, type AwsProviderConfig } from '@cdktf/provider-aws/lib/provider/index.js';
import { SecretsmanagerSecret } from '@cdktf/provider-aws/lib/secretsmanager-secret/index.js';
import { type App, TerraformStack, TerraformVariable } from 'cdktf';
import { Construct } from 'constructs';
import { describe, expect, it } from 'vitest';
import {
  fromSecret,
  RotatedSecret,
  Rotation,
  RotationFunction,
  Schedule,
  SecretsManagerEndpoint,
  StaticSecret,
  setProvider,
} from '../../constructs/index.ts';
import { refusal } from './refusal.ts';
import { blockOf, blocksOf, type StackJson } from './stack-json.ts';
import { synthWarnings } from './synth-warnings.ts';
import { synthesize } from './synthesize.ts';

const rotating = { rotation: Rotation.password(), schedule: Schedule.rate({ days: 30 }) };
const subnetIds = ['subnet-0123456789abcdef0'];
const keyIn = (region: string) => `arn:aws:kms:${region}:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const secretIn = (region: string, account = '111122223333') =>
  `arn:aws:secretsmanager:${region}:${account}:secret:app/db-AbCdEf`;

/** A second provider of a stack, in eu-west-1 unless it says otherwise. */
function provider(stack: TerraformStack, alias: string, config: AwsProviderConfig = {}): AwsProvider {
  return new AwsProvider(stack, alias, { alias, region: 'eu-west-1', ...config });
}

/** What each AWS resource and data source of a stack is deployed with: `aws` where it does not say. */
function providersOf({ resource, data }: StackJson): Set<unknown> {
  const types = [...Object.entries(resource), ...Object.entries(data)].filter(([type]) => type.startsWith('aws_'));
  return new Set(types.flatMap(([, blocks]) => Object.values(blocks).map(({ provider = 'aws' }) => provider)));
}

describe('provider', () => {
  it.each<[string, (stack: TerraformStack, given: { provider: AwsProvider }) => Construct]>([
    [
      'RotatedSecret',
      (stack, given) =>
        new RotatedSecret(stack, 'db', {
          ...{ name: 'app/db', kmsKeyArn: keyIn('eu-west-1'), refreshEveryMinutes: 30, ...rotating },
          ...{ functionOptions: { network: { subnetIds }, tracing: true }, ...given },
        }),
    ],
    [
      'RotatedSecret.existing',
      (stack, given) =>
        RotatedSecret.existing(stack, 'db', { secretArn: secretIn('eu-west-1'), ...rotating, ...given }),
    ],
    ['StaticSecret', (stack, given) => new StaticSecret(stack, 'key', { name: 'app/key', ...given })],
    [
      'RotationFunction',
      (stack, given) =>
        new RotationFunction(stack, 'fleet', {
          ...{ functionName: 'rotate-fleet', rotation: rotating.rotation, secretNamePrefix: 'fleet/' },
          ...given,
        }),
    ],
    [
      'SecretsManagerEndpoint',
      (stack, given) => new SecretsManagerEndpoint(stack, 'endpoint', { subnetIds, ...given }),
    ],
  ])('of a %s is that of everything in it', (_, declare) => {
    const stack = synthesize((stack) => {
      const made = declare(stack, { provider: provider(stack, 'west') });
      if ('grantRead' in made) (made as StaticSecret).grantRead('web');
    });
    expect(providersOf(stack)).toEqual(new Set(['aws.west']));
  });

  it('is inherited from any parent, and overridden by a construct’s own', () => {
    const stack = synthesize((stack) => {
      const [west, south] = [provider(stack, 'west'), provider(stack, 'south', { region: 'eu-south-1' })];
      const group = new Construct(stack, 'group');
      setProvider(group, west);
      new StaticSecret(new Construct(group, 'inner'), 'inherits', { name: 'app/inherits' });
      new StaticSecret(group, 'other', { name: 'app/other', provider: south });
      new StaticSecret(stack, 'plain', { name: 'app/plain' });
      new IamRole(group, 'own', { assumeRolePolicy: '{}' });
      new IamRole(group, 'own_elsewhere', { assumeRolePolicy: '{}', provider: south });
    });
    const providerOf = (part: string) => blockOf(stack, 'aws_secretsmanager_secret', part).provider;
    expect([providerOf('inherits'), providerOf('other'), providerOf('plain')]).toEqual([
      ...['aws.west', 'aws.south', undefined],
    ]);
    expect(blocksOf(stack, 'aws_iam_role').map(({ provider }) => provider)).toEqual(['aws.west', 'aws.south']);
  });

  it('of the whole stack leaves no resource to the default one', () => {
    const stack = synthesize((stack) => {
      setProvider(stack, provider(stack, 'west'));
      new RotatedSecret(stack, 'db', { name: 'app/db', ...rotating });
    });
    expect(providersOf(stack)).toEqual(new Set(['aws.west']));
    expect(blocksOf(stack, 'archive_file').map(({ provider }) => provider)).toEqual([undefined]);
  });

  it('without an alias, given within a group of another one, is the default one', () => {
    const stack = synthesize((stack) => {
      const own = stack.node.findChild('aws') as AwsProvider;
      const group = new Construct(stack, 'group');
      setProvider(group, provider(stack, 'west'));
      new RotatedSecret(group, 'db', { name: 'app/db', provider: own, ...rotating });
    });
    expect(providersOf(stack)).toEqual(new Set(['aws']));
  });

  it('has one caller identity, region and partition, whose account and partition its permissions name', () => {
    const stack = synthesize((stack) => {
      const west = provider(stack, 'west');
      for (const name of ['a', 'b']) {
        new RotatedSecret(stack, name, { name, ...rotating, refreshEveryMinutes: 30 });
        new RotatedSecret(stack, `west-${name}`, { name, ...rotating, refreshEveryMinutes: 30, provider: west });
      }
    });
    for (const type of ['aws_caller_identity', 'aws_partition', 'aws_region']) {
      expect(
        blocksOf(stack, type)
          .map(({ provider }) => provider)
          .sort(),
      ).toEqual(['aws.west', undefined]);
    }
    for (const { provider, source_account } of blocksOf(stack, 'aws_lambda_permission')) {
      const [, name = ''] =
        /^\$\{data\.aws_caller_identity\.([\w-]+)\.account_id\}$/.exec(String(source_account)) ?? [];
      expect(stack.data.aws_caller_identity?.[name]?.provider).toBe(provider);
    }
    for (const { provider, target } of blocksOf(stack, 'aws_scheduler_schedule')) {
      const [, name = ''] = /^arn:\$\{data\.aws_partition\.([\w-]+)\.partition\}:/.exec(Object(target).arn) ?? [];
      expect(stack.data.aws_partition?.[name]?.provider).toBe(provider);
    }
  });

  it('changes no address of a stack that gives none', () => {
    const addresses = (declare: (stack: TerraformStack) => void) => {
      const { resource, data } = synthesize((stack) => {
        new RotatedSecret(stack, 'db', { name: 'app/db', ...rotating });
        declare(stack);
      });
      return new Set(Object.values({ ...resource, ...data }).flatMap((blocks) => Object.keys(blocks)));
    };
    const before = addresses(() => {});
    const after = addresses((stack) => {
      new RotatedSecret(stack, 'second', { name: 'app/db', ...rotating, provider: provider(stack, 'west') });
    });
    expect([...before].filter((address) => !after.has(address))).toEqual([]);
  });

  it('lets secrets of one name have functions of one name in two regions', () => {
    const stack = synthesize((stack) => {
      new RotatedSecret(stack, 'db', { name: 'app/db', ...rotating });
      new RotatedSecret(stack, 'second', { name: 'app.db', ...rotating, provider: provider(stack, 'west') });
    });
    const names = blocksOf(stack, 'aws_lambda_function').map(({ function_name }) => function_name);
    expect(names).toEqual(['rotate-app-db', 'rotate-app-db']);
  });

  it('keeps functions apart whose two providers are of one region', () => {
    const stack = synthesize((stack) => {
      new RotatedSecret(stack, 'db', { name: 'app/db', ...rotating, provider: provider(stack, 'one') });
      new RotatedSecret(stack, 'second', { name: 'app.db', ...rotating, provider: provider(stack, 'two') });
    });
    const names = blocksOf(stack, 'aws_lambda_function').map(({ function_name }) => function_name);
    expect(names).toEqual(['rotate-app-db', expect.stringMatching(/^rotate-app-db-[\da-f]{8}$/)]);
  });

  it('refuses two secrets of one name whose two providers are of one region', () => {
    const error = refusal(() =>
      synthesize((stack) => {
        for (const alias of ['one', 'two']) {
          new RotatedSecret(stack, `in-${alias}`, { name: 'app/db', ...rotating, provider: provider(stack, alias) });
        }
      }),
    );
    expect(error).toMatchObject({ code: 'NAME', message: expect.stringContaining('both named "app/db"') });
  });

  it('warns of no namesake in a stack of another region', () => {
    const warnings = synthWarnings((stack) => {
      const other = new TerraformStack(stack.node.root as App, 'other');
      new AwsProvider(other, 'aws', { region: 'eu-west-1' });
      new StaticSecret(other, 'key', { name: 'app/key' });
      new StaticSecret(stack, 'key', { name: 'app/key' });
    });
    expect(warnings).toEqual([]);
  });
});

describe('provider is refused', () => {
  it.each<[string, (stack: TerraformStack) => unknown, string]>([
    ['if it is none', () => 'aws.west', 'test/key is not an AwsProvider:'],
    [
      'if only Terraform knows it',
      (stack) => new TerraformVariable(stack, 'west', { type: 'string' }).stringValue,
      'option provider that only Terraform knows',
    ],
    [
      'if it is not for AWS',
      (stack) => new ArchiveProvider(stack, 'second', { alias: 'second' }),
      'is a provider for archive',
    ],
    [
      'if it is of another stack',
      (stack) => provider(new TerraformStack(stack.node.root as App, 'other'), 'west'),
      'The provider other/west is of another stack than test/key',
    ],
  ])('%s', (_, given, message) => {
    const error = refusal(() =>
      synthesize((stack) => {
        new StaticSecret(stack, 'key', { name: 'app/key', provider: given(stack) as AwsProvider });
      }),
    );
    expect(error).toMatchObject({ code: 'OPTIONS', message: expect.stringContaining(message) });
  });

  it('on a group that already has constructs, or another provider', () => {
    synthesize((stack) => {
      const [group, other] = [new Construct(stack, 'group'), new Construct(stack, 'other')];
      new StaticSecret(group, 'key', { name: 'app/key' });
      const [west, south] = [provider(stack, 'west'), provider(stack, 'south')];
      expect(refusal(() => setProvider(group, west)).message).toContain('after something was declared in it');
      setProvider(other, west);
      setProvider(other, west);
      expect(refusal(() => setProvider(other, south)).message).toContain('Give it before, and once');
    });
  });
});

describe('A function and its secret are refused in two regions', () => {
  it.each<[string, (stack: TerraformStack, west: AwsProvider) => unknown, string]>([
    [
      'where a shared function rotates it',
      (stack, west) => {
        const rotation = new RotationFunction(stack, 'fleet', {
          ...{ functionName: 'rotate-fleet', rotation: rotating.rotation, secretNamePrefix: 'fleet/' },
        });
        new RotatedSecret(stack, 'db', { ...rotating, name: 'fleet/db', rotation, provider: west });
      },
      'The function test/fleet is in us-east-1 (the default provider), and the secret test/db/rotation in eu-west-1 (the provider aws.west)',
    ],
    [
      'where a shared function rotates an existing one',
      (stack, west) => {
        const rotation = new RotationFunction(stack, 'fleet', {
          ...{ functionName: 'rotate-fleet', rotation: rotating.rotation, secretNamePrefix: 'app/', provider: west },
        });
        RotatedSecret.existing(stack, 'db', { ...rotating, secretArn: secretIn('us-east-1'), rotation });
      },
      'The function test/fleet is in eu-west-1',
    ],
    [
      'where the ARN says so',
      (stack, west) => {
        RotatedSecret.existing(stack, 'db', { ...rotating, secretArn: secretIn('us-east-1'), provider: west });
      },
      'The secretArn is in us-east-1, and test/db in eu-west-1 (the provider aws.west)',
    ],
    [
      'where the ARN names another account than the provider may use',
      (stack) => {
        const west = provider(stack, 'b', { allowedAccountIds: ['444455556666'] });
        RotatedSecret.existing(stack, 'db', { ...rotating, secretArn: secretIn('eu-west-1'), provider: west });
      },
      'The secretArn is in account 111122223333',
    ],
    [
      'where a secret of the stack gives the ARN',
      (stack, west) => {
        const { secretArn } = new StaticSecret(stack, 'key', { name: 'app/key' });
        RotatedSecret.existing(stack, 'db', { ...rotating, secretArn, provider: west });
      },
      'The secretArn is in us-east-1, and test/db in eu-west-1',
    ],
    [
      'where a resource of its user gives the ARN',
      (stack, west) => {
        const { arn } = new SecretsmanagerSecret(stack, 'key', { name: 'app/key', provider: west });
        new RotationFunction(stack, 'f', { functionName: 'f', rotation: rotating.rotation, secretArn: arn });
      },
      'The secretArn is in eu-west-1, and test/f in us-east-1',
    ],
    [
      'where its credentials are elsewhere',
      (stack, west) => {
        const { secretArn } = new StaticSecret(stack, 'key', { name: 'app/key', provider: west });
        const rotation = Rotation.oauthToken({ issuer: 'https://issuer.example', credentials: fromSecret(secretArn) });
        new RotatedSecret(stack, 'db', { ...rotating, name: 'app/db', rotation });
      },
      'A secret that its rotation reads is in eu-west-1, and test/db/rotation/function in us-east-1',
    ],
    [
      'where its endpoint is elsewhere',
      (stack, west) => {
        const secretsManagerEndpoint = new SecretsManagerEndpoint(stack, 'e', { subnetIds, provider: west });
        const functionOptions = { network: { subnetIds, secretsManagerEndpoint } };
        new RotatedSecret(stack, 'db', { ...rotating, name: 'app/db', functionOptions });
      },
      'The secretsManagerEndpoint is in eu-west-1',
    ],
    [
      'and so is a key',
      (stack, west) => {
        new RotatedSecret(stack, 'db', { ...rotating, name: 'app/db', kmsKeyArn: keyIn('us-east-1'), provider: west });
      },
      'The kmsKeyArn is in us-east-1, and test/db in eu-west-1',
    ],
    [
      'and so is a key of the stack',
      (stack, west) => {
        const { arn: kmsKeyArn } = new KmsKey(stack, 'key', { provider: west });
        new StaticSecret(stack, 'db', { name: 'app/db', kmsKeyArn });
      },
      'The kmsKeyArn is in eu-west-1, and test/db in us-east-1',
    ],
  ])('%s', (_, declare, message) => {
    const error = refusal(() => synthesize((stack) => void declare(stack, provider(stack, 'west'))));
    expect(error).toMatchObject({ code: 'OPTIONS', message: expect.stringContaining(message) });
  });

  it('but not where two providers are of one region and one account', () => {
    synthesize((stack) => {
      const fleet = new RotationFunction(stack, 'fleet', {
        ...{ functionName: 'rotate-fleet', rotation: rotating.rotation, secretNamePrefix: 'fleet/' },
        provider: provider(stack, 'one'),
      });
      new RotatedSecret(stack, 'db', {
        ...{ ...rotating, name: 'fleet/db', rotation: fleet, provider: provider(stack, 'two', { maxRetries: 3 }) },
      });
    });
  });

  it('and not where only Terraform knows a region', () => {
    synthesize((stack) => {
      const region = new TerraformVariable(stack, 'region', { type: 'string' }).stringValue;
      const somewhere = provider(stack, 'somewhere', { region });
      RotatedSecret.existing(stack, 'db', { ...rotating, secretArn: secretIn('us-east-1'), provider: somewhere });
    });
  });
});
