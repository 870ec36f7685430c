// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform's own interpolation
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider/index.js';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { App, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { afterAll, describe, expect, it } from 'vitest';
import { type CustomRotationOptions, RotatedSecret, Rotation, Schedule } from '../../constructs/index.ts';
import type { PasswordRotationOptions } from '../../rules/password/password-rotation.ts';
import { refusal } from './refusal.ts';
import { blockOf, blocksOf, readStackJson, type StackJson } from './stack-json.ts';
import { synthesize } from './synthesize.ts';

const schedule = Schedule.rate({ days: 30 });
const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-rotation-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A file with a rotation function. */
function entry(name: string, code = 'export const handler = async () => {};'): string {
  const file = path.join(folder, name);
  writeFileSync(file, code);
  return file;
}

function stackOf(rotation: Rotation): StackJson {
  return synthesize((stack) => new RotatedSecret(stack, 'db', { name: 'app/db', rotation, schedule }));
}

function environmentOf(rotation: Rotation): unknown {
  return blockOf(stackOf(rotation), 'aws_lambda_function').environment;
}

describe('Rotation.password', () => {
  const options: {
    readonly [Name in keyof PasswordRotationOptions]-?: readonly [
      given: PasswordRotationOptions[Name],
      variables: Readonly<Record<string, string>>,
    ];
  } = {
    length: [20, { PASSWORD_LENGTH: '20' }],
    excludeCharacters: ['lI1O0', { EXCLUDE_CHARACTERS: 'lI1O0' }],
    excludeNumbers: [true, { EXCLUDE_NUMBERS: 'true' }],
    excludePunctuation: [true, { EXCLUDE_PUNCTUATION: 'true' }],
    excludeUppercase: [true, { EXCLUDE_UPPERCASE: 'true' }],
    excludeLowercase: [true, { EXCLUDE_LOWERCASE: 'true' }],
    includeSpace: [true, { INCLUDE_SPACE: 'true' }],
    requireEachIncludedType: [false, { REQUIRE_EACH_INCLUDED_TYPE: 'false' }],
    field: [['api_key', 'api_secret'], { PASSWORD_FIELDS: 'api_key,api_secret' }],
    format: ['text', { SECRET_FORMAT: 'text' }],
  };

  it.each(Object.entries(options))("hands %s to the function's environment", (option, [given, variables]) => {
    expect(environmentOf(Rotation.password({ [option]: given }))).toMatchObject({ variables });
  });

  it("keeps AWS's own defaults visible in the plan", () => {
    expect(environmentOf(Rotation.password())).toEqual({
      variables: {
        SECRET_FORMAT: 'json',
        PASSWORD_FIELDS: 'password',
        PASSWORD_LENGTH: '32',
        EXCLUDE_CHARACTERS: '/@"\'\\',
        EXCLUDE_NUMBERS: 'false',
        EXCLUDE_PUNCTUATION: 'false',
        EXCLUDE_UPPERCASE: 'false',
        EXCLUDE_LOWERCASE: 'false',
        INCLUDE_SPACE: 'false',
        REQUIRE_EACH_INCLUDED_TYPE: 'true',
      },
    });
  });

  it.each<[string, PasswordRotationOptions, string]>([
    ['a length of 0', { length: 0 }, 'Password length is 0'],
    ['too few characters for each type', { length: 3 }, 'one character of each of 4 types'],
    [
      'no character at all',
      { excludeLowercase: true, excludeUppercase: true, excludeNumbers: true, excludePunctuation: true },
      'Every character is excluded',
    ],
    ['a field of a plain string', { format: 'text', field: 'password' }, "field is given with format 'text'"],
    ['no field', { field: [] }, 'field is []'],
    ['a field twice', { field: ['password', '/password'] }, 'expected each field once, and none within another'],
    ['a field within another', { field: ['/db', '/db/password'] }, 'expected each field once, and none within another'],
    ['a JSON Pointer without a name', { field: '/db/' }, 'a JSON Pointer has a name after each slash'],
  ])('refuses %s', (_what, given, message) => {
    const error = refusal(() => Rotation.password(given));
    expect(error.code).toBe('PASSWORD_OPTIONS');
    expect(error.message).toContain(message);
  });

  it.each([
    [
      'a misspelt option',
      { lenght: 20 },
      'Rotation.password has no option "lenght". It knows length, excludeCharacters, ',
    ],
    ['an option in the spelling of GetRandomPassword', { PasswordLength: 20 }, 'no option "PasswordLength"'],
    ['a number for its options', 20, 'Rotation.password takes an object of options, found Number. It knows length, '],
    ['null for its options', null, 'takes an object of options, found null'],
  ])('refuses %s', (_what, given, message) => {
    const error = refusal(() => Rotation.password(given as never));
    expect(error.code).toBe('OPTIONS');
    expect(error.message).toContain(message);
  });
});

describe('Rotation.custom', () => {
  it('passes its environment to the function', () => {
    const environment = { API_URL: 'https://api.example.com', Retries_2: '3' };
    expect(environmentOf(Rotation.custom({ entry: entry('environment.ts'), environment }))).toEqual({
      variables: environment,
    });
  });

  it('adds its statements to those of every rotation, and can allow listing versions', () => {
    const statement = {
      sid: 'Publish',
      actions: ['sns:Publish'],
      resources: ['arn:aws:sns:us-east-1:111122223333:keys'],
    };
    const stack = stackOf(Rotation.custom({ entry: entry('statements.ts'), statements: [statement] }));
    expect(blockOf(stack, 'aws_iam_policy_document', 'permissions')).toMatchObject({
      statement: [
        { sid: 'RotateTheSecret', actions: expect.arrayContaining(['secretsmanager:ListSecretVersionIds']) },
        { sid: 'WriteTheLog' },
        statement,
      ],
    });
  });

  it('refuses a literal for the fields that it makes', () => {
    const rotation = Rotation.custom({ entry: entry('fields.ts'), generatedFields: ['api_key'] });
    const declare = (initial: object) => () =>
      synthesize(
        (stack) => new RotatedSecret(stack, 'key', { name: 'key', rotation, schedule, initial: { ...initial } }),
      );
    expect(refusal(declare({ api_key: 'never-in-a-message' })).message).toContain('has a literal for "api_key"');
    expect(declare({ password: 'of something else' })).not.toThrow();
  });

  it('has no first version for a plain string', () => {
    const stack = stackOf(Rotation.custom({ entry: entry('text.ts'), format: 'text' }));
    expect(stack.resource).not.toHaveProperty('aws_secretsmanager_secret_version');
  });

  it.each<[name: string, message: string]>([
    ['AWS_REGION', "is Lambda's own"],
    ['AWS_LAMBDA_FUNCTION_NAME', "is Lambda's own"],
    ['TZ', "is Lambda's own"],
    ['NODE_DEBUG', 'with their credentials, to the log'],
    ['NODE_OPTIONS', 'may load other code'],
    ['NODE_TLS_REJECT_UNAUTHORIZED', 'no certificate would be verified'],
    ['AWS_ENDPOINT_URL', 'to another address'],
    ['AWS_ENDPOINT_URL_SECRETS_MANAGER', 'to another address'],
    ['AWS_LAMBDA_EXEC_WRAPPER', 'another program would start the function'],
    ['_HANDLER', 'has a name that Lambda refuses'],
    ['A', 'has a name that Lambda refuses'],
    ['1ST', 'has a name that Lambda refuses'],
    ['API-URL', 'has a name that Lambda refuses'],
    ['', 'has a name that Lambda refuses'],
  ])('refuses the environment variable "%s"', (name, message) => {
    const error = refusal(() => Rotation.custom({ entry: 'unread.ts', environment: { [name]: 'never-in-a-message' } }));
    expect(error.code).toBe('ENVIRONMENT');
    expect(error.message).toContain(message);
    expect(error.message).not.toContain('never-in-a-message');
  });

  it.each([
    ['no entry', {}, 'Rotation.custom needs the option entry, found nothing.'],
    [
      'a misspelt option',
      { entry: 'unread.ts', env: {} },
      'Rotation.custom has no option "env". It knows entry, environment, ',
    ],
  ])('refuses %s', (_what, given, message) => {
    const error = refusal(() => Rotation.custom(given as CustomRotationOptions));
    expect(error.code).toBe('OPTIONS');
    expect(error.message).toContain(message);
  });

  it.each<[what: string, entry: () => string, message: RegExp]>([
    ['that does not exist', () => path.join(folder, 'absent.ts'), /^There is no file .*absent\.ts\. Expected/],
    ['that is a folder', () => folder, /does not compile/],
    [
      'with a syntax error, at its line',
      () => entry('broken.ts', 'export const ok = 1;\nexport const handler = async (= {};'),
      /broken\.ts does not compile:\n {2}broken\.ts:2:\d+: /,
    ],
    [
      'that asks for its own URL, which is empty once compiled',
      () => entry('url.ts', "export const handler = () => new URL('x', import.meta.url);"),
      /url\.ts would fail when it runs\. .*\n {2}url\.ts:1:\d+: "import\.meta" is not available with the "cjs" output format/,
    ],
    [
      'with any other warning of esbuild',
      () => entry('warning.ts', "export const handler = (a: unknown) => typeof a === 'nothing';"),
      /warning\.ts would fail when it runs\. .*\n {2}warning\.ts:1:\d+: The "typeof" operator will never evaluate/,
    ],
    [
      'that imports a missing module',
      () => entry('lost.ts', "import { a } from './nowhere.ts';\nexport const handler = a;"),
      /lost\.ts:1:\d+: Could not resolve "\.\/nowhere\.ts"/,
    ],
    [
      'without a handler',
      () => entry('mute.ts', 'export const handle = async () => {};'),
      /mute\.ts exports no handler\./,
    ],
  ])('refuses an entry %s', (_what, file, message) => {
    const error = refusal(() => stackOf(Rotation.custom({ entry: file() })));
    expect(error.code).toBe('ENTRY');
    expect(error.message).toMatch(message);
  });

  it('has one archive for all secrets with functions that run the same code', () => {
    const app = new App({ outdir: path.join(folder, 'out') });
    const stack = new TerraformStack(app, 'one');
    new AwsProvider(stack, 'aws', { region: 'us-east-1' });
    new ArchiveProvider(stack, 'archive');
    for (const length of [16, 24]) {
      new RotatedSecret(stack, `secret-${length}`, {
        name: `secret-${length}`,
        rotation: Rotation.password({ length }),
        schedule,
      });
    }
    app.synth();
    const json = readStackJson(readFileSync(path.join(folder, 'out/stacks/one/cdk.tf.json'), 'utf8'));
    const filename = /^\$\{data\.archive_file\.[\w-]+\.output_path\}$/;
    expect(blocksOf(json, 'archive_file')).toHaveLength(1);
    const functions = blocksOf(json, 'aws_lambda_function').map((block) => block.filename);
    expect(functions).toEqual([expect.stringMatching(filename), functions[0]]);
  });

  it('deploys each secret with the function that it was declared with, whatever the names of the secrets', () => {
    const outdir = path.join(folder, 'out');
    const app = new App({ outdir });
    const declare = (scope: Construct, id: string, code: string) => {
      const rotation = Rotation.custom({ entry: entry(`${code}.ts`, `export const handler = () => '${code}';`) });
      new RotatedSecret(scope, id, { name: code, rotation, schedule });
    };
    for (const name of ['one', 'two']) {
      const stack = new TerraformStack(app, name);
      new AwsProvider(stack, 'aws', { region: 'us-east-1' });
      new ArchiveProvider(stack, 'archive');
      declare(stack, 'app-key', `${name}-flat`);
      declare(new Construct(stack, 'app'), 'key', `${name}-nested`);
    }
    app.synth();

    for (const name of ['one', 'two']) {
      const module = path.join(outdir, 'stacks', name);
      const stack = readStackJson(readFileSync(path.join(module, 'cdk.tf.json'), 'utf8'));
      const [flat, nested] = ['flat', 'nested'].map((part) => blockOf(stack, 'archive_file', `${name}-${part}`));
      expect(codeOf(module, flat?.source_dir)).toContain(`${name}-flat`);
      expect(codeOf(module, nested?.source_dir)).toContain(`${name}-nested`);
      expect(flat?.output_path).not.toBe(nested?.output_path);
    }
  });
});

function codeOf(module: string, folder: unknown): string {
  return readFileSync(path.join(String(folder).replace('${path.module}', module), 'index.js'), 'utf8');
}
