import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider/index.js';
import { DataAwsRegion } from '@cdktf/provider-aws/lib/data-aws-region/index.js';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { App, Fn, LocalBackend, TerraformStack, TerraformVariable, Token } from 'cdktf';
import { Construct } from 'constructs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Auth0RotationOptions,
  type CodeSigning,
  ConstructError,
  type CustomRotationOptions,
  EphemeralVariable,
  type ExistingSecretProps,
  type FromSecretOptions,
  fromSecret,
  type GoogleAccessTokenOptions,
  type Network,
  type OauthTokenRotationOptions,
  type PostgresRotationOptions,
  type ReadOptions,
  RotatedSecret,
  type RotatedSecretProps,
  Rotation,
  RotationFunction,
  type RotationFunctionOptions,
  type RotationFunctionProps,
  Schedule,
  type ScheduleOptions,
  SecretsManagerEndpoint,
  type SecretsManagerEndpointProps,
  StaticSecret,
  type StaticSecretProps,
  type WorkloadIdentityOptions,
  workloadIdentity,
} from '../../constructs/index.ts';
import { hasTerraform, missingTerraform, terraformCli } from '../../harness/terraform-cli.ts';
import { runTerraform, writeOverrides } from '../../harness/terraform-folder.ts';
import type { Administrator } from '../../rules/databases/administrators.ts';
import type { AssertionOptions } from '../../rules/oauth-token.ts';
import type { PasswordRotationOptions } from '../../rules/password/password-rotation.ts';
import { readStackJson, type StackJson } from './stack-json.ts';

type Kind = 'text' | 'number' | 'flag' | 'list' | 'numbers' | 'map' | 'object';

/** Declares one construct with one option more than it needs. */
interface Site {
  readonly declare: (scope: Construct, name: string, option: Readonly<Record<string, unknown>>) => void;
  /** What kind of value each of its options takes. */
  readonly options: Readonly<Record<string, Kind>>;
}

/** A compiler that looks over the options: the table has all of `Options`, whatever is added. */
const site = <Options>(options: Record<keyof Options & string, Kind>, declare: Site['declare']): Site => ({
  declare,
  options,
});

const schedule = Schedule.rate({ days: 30 });
const rotation = Rotation.password();
const secretArn = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:app/existing-AbCdEf';
const subnetIds = ['subnet-0123456789abcdef0'];
const audience = '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/aws/providers/lambda';
const entry = 'examples/custom-strategy/api-key.ts';
const rotated = (scope: Construct, name: string, how: Rotation) =>
  new RotatedSecret(scope, 'secret', { name, rotation: how, schedule });
const given = <Options>(options: object) => options as Options;

/** An option about the refresh needs one. */
const refreshed = (option: object) => ('refreshKmsKeyArn' in option ? { refreshEveryMinutes: 30 } : {});

const secretOptions = {
  name: 'text',
  namePrefix: 'text',
  description: 'text',
  kmsKeyArn: 'text',
  recoveryWindowDays: 'number',
  tags: 'map',
  initial: 'text',
  provider: 'object',
  replicas: 'object',
  resourcePolicy: 'text',
  blockPublicPolicy: 'flag',
} as const satisfies Readonly<Record<string, Kind>>;
const rotationOptions = {
  rotation: 'object',
  schedule: 'object',
  refreshEveryMinutes: 'number',
  refreshKmsKeyArn: 'text',
  rotateImmediately: 'flag',
  kmsKeyArn: 'text',
  tags: 'map',
  functionOptions: 'object',
  provider: 'object',
} as const satisfies Readonly<Record<string, Kind>>;
const functionOptions = {
  functionName: 'text',
  timeoutSeconds: 'number',
  memoryMegabytes: 'number',
  runtime: 'text',
  architecture: 'text',
  logRetentionDays: 'number',
  logKmsKeyArn: 'text',
  environmentKmsKeyArn: 'text',
  roleArn: 'text',
  permissionsBoundaryArn: 'text',
  rolePath: 'text',
  tracing: 'flag',
  reservedConcurrentExecutions: 'number',
  network: 'object',
  codeSigning: 'object',
} as const satisfies Readonly<Record<string, Kind>>;

const sites: Readonly<Record<string, Site>> = {
  RotatedSecret: site<RotatedSecretProps>({ ...secretOptions, ...rotationOptions }, (scope, name, option) => {
    const named = 'namePrefix' in option ? {} : { name };
    new RotatedSecret(scope, 'secret', {
      ...named,
      rotation: Rotation.password({ format: 'initial' in option ? 'text' : 'json' }),
      schedule,
      ...refreshed(option),
      ...option,
    });
  }),
  'RotatedSecret.initial': site<{ username: string; password: string; port: number; tags: string[]; more: object }>(
    { username: 'text', password: 'text', port: 'number', tags: 'list', more: 'map' },
    (scope, name, initial) => new RotatedSecret(scope, 'secret', { name, rotation, schedule, initial }),
  ),
  'RotatedSecret.existing': site<ExistingSecretProps>(
    {
      ...rotationOptions,
      secretArn: 'text',
      takeOverFrom: 'text',
      replicas: 'object',
      resourcePolicy: 'text',
      blockPublicPolicy: 'flag',
    },
    (scope, name, option) => {
      const arn = secretArn.replace('app/existing', name);
      RotatedSecret.existing(scope, 'secret', { secretArn: arn, rotation, schedule, ...refreshed(option), ...option });
    },
  ),
  functionOptions: site<RotationFunctionOptions>(functionOptions, (scope, name, option) => {
    new RotatedSecret(scope, 'secret', {
      ...{ name, rotation, schedule: Schedule.rate({ hours: 4 }) },
      ...{ refreshEveryMinutes: 30, functionOptions: option },
    });
  }),
  network: site<Network>(
    { subnetIds: 'list', securityGroupIds: 'list', targetPorts: 'numbers', secretsManagerEndpoint: 'object' },
    (scope, name, option) => {
      const network = given<Network>({ subnetIds, ...option });
      new RotatedSecret(scope, 'secret', { name, rotation, schedule, functionOptions: { network } });
    },
  ),
  codeSigning: site<CodeSigning>(
    { configArn: 'text', profileName: 'text', bucketName: 'text' },
    (scope, name, option) => {
      const codeSigning = {
        configArn: 'arn:aws:lambda:us-east-1:111122223333:code-signing-config:csc-0123456789abcdef0',
        profileName: 'team',
        bucketName: 'code',
        ...option,
      };
      new RotatedSecret(scope, 'secret', { name, rotation, schedule, functionOptions: { codeSigning } });
    },
  ),
  RotationFunction: site<RotationFunctionProps>(
    {
      ...functionOptions,
      rotation: 'object',
      secretArn: 'text',
      secretNamePrefix: 'text',
      kmsKeyArns: 'list',
      tags: 'map',
      provider: 'object',
      replicas: 'object',
    },
    (scope, name, option) => {
      const secrets = 'secretArn' in option ? {} : { secretNamePrefix: 'app/' };
      const functionName = name.replace('/', '-');
      new RotationFunction(
        scope,
        'function',
        given<RotationFunctionProps>({ functionName, rotation, ...secrets, ...option }),
      );
    },
  ),
  StaticSecret: site<StaticSecretProps>({ ...secretOptions, publicFields: 'list' }, (scope, name, option) => {
    new StaticSecret(scope, 'secret', { ...('namePrefix' in option ? {} : { name }), ...option });
  }),
  SecretsManagerEndpoint: site<SecretsManagerEndpointProps>(
    { subnetIds: 'list', tags: 'map', provider: 'object' },
    (scope, _name, option) => {
      new SecretsManagerEndpoint(scope, 'endpoint', { subnetIds, ...option });
    },
  ),
  grantRead: site<ReadOptions & { role: string }>(
    { versionStages: 'list', provider: 'object', role: 'text' },
    (scope, name, option) => {
      const { role = 'web', ...options } = given<ReadOptions & { role?: string }>(option);
      new StaticSecret(scope, 'secret', { name }).grantRead(role, options);
    },
  ),
  'Rotation.password': site<PasswordRotationOptions>(
    {
      ...{ length: 'number', excludeCharacters: 'text', excludeNumbers: 'flag', excludePunctuation: 'flag' },
      ...{ excludeUppercase: 'flag', excludeLowercase: 'flag', includeSpace: 'flag' },
      ...{ requireEachIncludedType: 'flag', field: 'text', format: 'text' },
    },
    (scope, name, option) => rotated(scope, name, Rotation.password(option)),
  ),
  'Rotation.postgres': site<PostgresRotationOptions>(
    {
      strategy: 'text',
      admin: 'object',
      users: 'list',
      dbname: 'text',
      ownerRole: 'text',
      format: 'text',
      urlFields: 'list',
      tls: 'object',
      allowMd5: 'flag',
      allowPlaintext: 'flag',
      network: 'object',
      length: 'number',
      excludeCharacters: 'text',
      excludeNumbers: 'flag',
      excludePunctuation: 'flag',
      excludeUppercase: 'flag',
      excludeLowercase: 'flag',
      includeSpace: 'flag',
      requireEachIncludedType: 'flag',
    },
    (scope, name, option) => {
      const admin = { secretArn: secretArn.replace('existing', 'admin'), host: 'db.example.com' };
      const base = { strategy: 'alternating-users', admin, users: ['app', 'app_clone'] };
      rotated(scope, name, Rotation.postgres(given<PostgresRotationOptions>({ ...base, ...option })));
    },
  ),
  'Rotation.postgres, its admin': site<Administrator>(
    { secretArn: 'text', host: 'text', port: 'number', kmsKeyArn: 'text' },
    (scope, name, option) => {
      const admin = { secretArn: secretArn.replace('existing', 'admin'), host: 'db.example.com', ...option };
      rotated(scope, name, Rotation.postgres({ strategy: 'alternating-users', admin, users: ['app', 'app_clone'] }));
    },
  ),
  'Rotation.postgres, its tls': site<NonNullable<PostgresRotationOptions['tls']>>(
    { ca: 'text', servername: 'text' },
    (scope, name, tls) => rotated(scope, name, Rotation.postgres({ strategy: 'single-user', tls })),
  ),
  'Rotation.oauthToken': site<OauthTokenRotationOptions>(
    {
      ...{ issuer: 'text', tokenEndpoint: 'text', jwksUri: 'text', introspectionEndpoint: 'text', audience: 'text' },
      ...{ resource: 'text', scope: 'text', parameters: 'map', authentication: 'text', assertion: 'object' },
      ...{ proof: 'text', probeUrl: 'text', probeHeader: 'text', credentials: 'object' },
      ...{ introspectionCredentials: 'object', lifetimeSeconds: 'number', network: 'object', tls: 'object' },
      ...{ proxy: 'text' },
    },
    (scope, name, option) => {
      const issuer = 'https://login.example.com';
      const from = 'tokenEndpoint' in option ? { jwksUri: `${issuer}/keys` } : { issuer };
      const base = { ...from, credentials: fromSecret(secretArn) };
      const probe = { proof: 'probe', probeUrl: 'https://api.example.com' };
      const more = 'probeUrl' in option || 'probeHeader' in option ? probe : {};
      const introspected = 'introspectionCredentials' in option ? { proof: 'introspection' } : {};
      rotated(
        scope,
        name,
        Rotation.oauthToken(given<OauthTokenRotationOptions>({ ...base, ...more, ...introspected, ...option })),
      );
    },
  ),
  'Rotation.oauthToken, its tls': site<NonNullable<OauthTokenRotationOptions['tls']>>(
    { ca: 'text', clientCertificate: 'object' },
    (scope, name, tls) => {
      const base = { issuer: 'https://login.example.com', credentials: fromSecret(secretArn) };
      rotated(scope, name, Rotation.oauthToken({ ...base, tls }));
    },
  ),
  'Rotation.oauthToken, its assertion': site<AssertionOptions>(
    { audience: 'text', algorithm: 'text', keyId: 'text', thumbprint: 'text' },
    (scope, name, assertion) => {
      const base = { issuer: 'https://login.example.com', credentials: fromSecret(secretArn) };
      rotated(scope, name, Rotation.oauthToken({ ...base, authentication: 'private_key_jwt', assertion }));
    },
  ),
  'Rotation.auth0': site<Auth0RotationOptions>(
    {
      ...{ domain: 'text', audience: 'text', organization: 'text', scope: 'text', parameters: 'map' },
      ...{ authentication: 'text', assertion: 'object', proof: 'text', probeUrl: 'text', probeHeader: 'text' },
      ...{ credentials: 'object', lifetimeSeconds: 'number', network: 'object', tls: 'object', proxy: 'text' },
    },
    (scope, name, option) => {
      const base = { domain: 'my-tenant.eu.auth0.com', audience: 'https://api', credentials: fromSecret(secretArn) };
      const probe = { proof: 'probe', probeUrl: 'https://api.example.com' };
      const more = 'probeUrl' in option || 'probeHeader' in option ? probe : {};
      rotated(scope, name, Rotation.auth0(given<Auth0RotationOptions>({ ...base, ...more, ...option })));
    },
  ),
  EphemeralVariable: site<{ description: string }>({ description: 'text' }, (scope, _name, { description }) => {
    new EphemeralVariable(scope, 'first', description as string);
  }),
  'Rotation.custom': site<CustomRotationOptions>(
    {
      ...{ entry: 'text', environment: 'map', statements: 'object', generatedFields: 'list', network: 'object' },
      ...{ singleUser: 'flag', format: 'text', trim: 'flag' },
    },
    (scope, name, option) => rotated(scope, name, Rotation.custom({ entry, ...option })),
  ),
  'Rotation.custom, its statements': site<{ sid: string; actions: string[]; resources: string[] }>(
    { sid: 'text', actions: 'list', resources: 'list' },
    (scope, name, option) => {
      const statement = { actions: ['sns:Publish'], resources: ['*'], ...option };
      rotated(scope, name, Rotation.custom({ entry, statements: [statement] }));
    },
  ),
  'Rotation.googleAccessToken': site<GoogleAccessTokenOptions>(
    {
      ...{ credentials: 'object', serviceAccount: 'text', scopes: 'list', lifetimeSeconds: 'number' },
      ...{ delegates: 'list', quotaProject: 'text', subject: 'text', field: 'text', endpointUrl: 'text' },
    },
    (scope, name, option) => {
      const google = {
        credentials: workloadIdentity({ audience }),
        serviceAccount: 'calendar@my-project.iam.gserviceaccount.com',
        scopes: ['https://www.googleapis.com/auth/calendar.readonly'],
      };
      new RotatedSecret(scope, 'secret', {
        ...{ name, rotation: Rotation.googleAccessToken({ ...google, ...option }) },
        ...{ schedule: Schedule.rate({ hours: 4 }), refreshEveryMinutes: 30 },
      });
    },
  ),
  workloadIdentity: site<WorkloadIdentityOptions>({ audience: 'text' }, (scope, name, option) => {
    const credentials = workloadIdentity(given(option));
    const google = { serviceAccount: 'a@b.iam.gserviceaccount.com', scopes: ['https://www.googleapis.com/auth/drive'] };
    new RotatedSecret(scope, 'secret', {
      ...{ name, rotation: Rotation.googleAccessToken({ ...google, credentials }) },
      ...{ schedule: Schedule.rate({ hours: 4 }), refreshEveryMinutes: 30 },
    });
  }),
  fromSecret: site<FromSecretOptions & { secretArn: string }>(
    { secretArn: 'text', kmsKeyArn: 'text' },
    (scope, name, option) => {
      const { secretArn: arn = secretArn, ...options } = given<FromSecretOptions & { secretArn?: string }>(option);
      const credentials = fromSecret(arn, options);
      rotated(scope, name, Rotation.oauthToken({ issuer: 'https://login.example.com', credentials }));
    },
  ),
  'Schedule.rate': site<{ hours: number; days: number } & ScheduleOptions>(
    { hours: 'number', days: 'number', windowHours: 'number' },
    (_scope, _name, { windowHours, ...interval }) => {
      Schedule.rate(given(windowHours === undefined ? interval : { days: 1 }), given({ windowHours }));
    },
  ),
  'Schedule.cron': site<{ expression: string }>({ expression: 'text' }, (_scope, _name, { expression }) => {
    Schedule.cron(expression as string);
  }),
  'Schedule.spread': site<{ secretName: string }>({ secretName: 'text' }, (_scope, _name, { secretName }) => {
    Schedule.cron('0 0 ? * SUN *', { windowHours: 6 }).spread(secretName as string);
  }),
};

/** The options that no reference may give, each with what synth decides by it. */
const REFUSED: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      'RotatedSecret',
      'RotatedSecret.existing',
      'RotationFunction',
      'StaticSecret',
      'SecretsManagerEndpoint',
      'grantRead',
    ].map((site) => [`${site}.provider`, 'its region and account decide what the policies say']),
  ),
  ...Object.fromEntries(
    ['RotatedSecret', 'RotatedSecret.existing', 'RotationFunction', 'StaticSecret'].map((site) => [
      `${site}.replicas`,
      'each has permissions of its own',
    ]),
  ),
  ...Object.fromEntries(
    ['RotatedSecret', 'RotatedSecret.existing', 'StaticSecret'].map((site) => [
      `${site}.blockPublicPolicy`,
      'it decides what the resourcePolicy may say',
    ]),
  ),
  'RotatedSecret.refreshEveryMinutes': 'it is compared with the life of the token',
  'RotatedSecret.rotateImmediately': 'it decides what the first version must hold',
  'RotatedSecret.existing.refreshEveryMinutes': 'it is compared with the life of the token',
  'RotatedSecret.existing.rotateImmediately': 'it decides what the first version must hold',
  'functionOptions.tracing': 'it decides what the role may do',
  'RotationFunction.tracing': 'it decides what the role may do',
  'RotationFunction.secretNamePrefix': 'no name can be held against it',
  'Rotation.postgres.strategy': 'it decides which other options are needed',
  'Rotation.postgres.format': 'it decides what the secret holds',
  'Rotation.postgres.urlFields': 'it decides what the secret holds',
  'Rotation.postgres.allowMd5': 'it decides how a password may be sent',
  'Rotation.postgres.allowPlaintext': 'it decides how a password may be sent',
  'EphemeralVariable.description': 'Terraform takes a literal there',
  'Rotation.auth0.domain': 'it decides who issues the token',
  'Rotation.auth0.authentication': 'it decides what the credentials must hold',
  'Rotation.auth0.proof': 'it decides what else is needed',
  'Rotation.auth0.lifetimeSeconds': 'it is compared with the schedule',
  'Rotation.oauthToken.authentication': 'it decides what the credentials must hold',
  'Rotation.oauthToken.proof': 'it decides what else is needed',
  'Rotation.oauthToken.lifetimeSeconds': 'it is compared with the schedule',
  'StaticSecret.publicFields': 'it decides which fields may be literals',
  'Rotation.password.field': 'it decides what the first version may hold',
  'Rotation.password.format': 'it decides what the first version looks like',
  'Rotation.custom.entry': 'it is compiled at synth',
  'Rotation.custom.generatedFields': 'it decides what the first version may hold',
  'Rotation.custom.singleUser': 'it decides what synth warns of',
  'Rotation.custom.format': 'it decides what the first version looks like',
  'Rotation.custom.trim': 'the code is compiled at synth',
  'Rotation.googleAccessToken.lifetimeSeconds': 'it is compared with the schedule',
  'Rotation.googleAccessToken.field': 'it decides what the first version may hold',
  'Rotation.googleAccessToken.endpointUrl': 'it must not send a credential in the clear',
  'Schedule.rate.hours': 'synth checks when its windows open',
  'Schedule.rate.days': 'synth checks when its windows open',
  'Schedule.rate.windowHours': 'synth checks when its windows open',
  'Schedule.cron.expression': 'synth checks when its windows open',
  'Schedule.spread.secretName': 'known to Terraform alone',
};
/** The options whose shape synth needs, while references may stand in them. A whole object or list is refused. */
const SHAPES: readonly string[] = [
  ...['RotatedSecret.rotation', 'RotatedSecret.schedule', 'RotatedSecret.functionOptions'],
  ...['RotatedSecret.existing.rotation', 'RotatedSecret.existing.schedule', 'RotatedSecret.existing.functionOptions'],
  ...['functionOptions.network', 'functionOptions.codeSigning', 'RotationFunction.network'],
  ...[
    'RotationFunction.codeSigning',
    'RotationFunction.rotation',
    'network.targetPorts',
    'network.secretsManagerEndpoint',
  ],
  ...['Rotation.custom.network', 'Rotation.custom.environment', 'Rotation.custom.statements'],
  ...['Rotation.googleAccessToken.delegates', 'Rotation.postgres.admin', 'Rotation.postgres.users'],
  ...['Rotation.postgres.tls', 'Rotation.postgres.network'],
  ...['credentials', 'introspectionCredentials', 'assertion', 'network', 'tls'].flatMap((option) => [
    `Rotation.oauthToken.${option}`,
    `Rotation.auth0.${option}`,
  ]),
  'Rotation.oauthToken, its tls.clientCertificate',
  ...['Rotation.googleAccessToken.credentials', 'RotatedSecret.initial', 'StaticSecret.initial'],
];

/** cdktf does not find the number there, and would print another one. */
const NUMBER_IN_TEXT = 'a number in a text';

/** The references of one stack. */
class References {
  readonly #text: TerraformVariable;
  readonly #number: TerraformVariable;
  readonly #flag: TerraformVariable;
  readonly #list: TerraformVariable;
  readonly #map: TerraformVariable;
  readonly #any: TerraformVariable;
  readonly #region: DataAwsRegion;

  constructor(stack: TerraformStack) {
    const variable = (id: string, type: string) => new TerraformVariable(stack, id, { type });
    this.#text = variable('ref_text', 'string');
    this.#number = variable('ref_number', 'number');
    this.#flag = variable('ref_flag', 'bool');
    this.#list = variable('ref_list', 'list(string)');
    this.#map = variable('ref_map', 'map(string)');
    this.#any = variable('ref_any', 'any');
    this.#region = new DataAwsRegion(stack, 'ref_region');
  }

  /** Each reference of a kind, with a part of the expression that it becomes. */
  of(kind: Kind): readonly (readonly [how: string, value: unknown, expression: string])[] {
    const text = this.#text.stringValue;
    const byKind: Readonly<Record<Kind, readonly (readonly [string, unknown, string])[]>> = {
      text: [
        ['a variable', text, 'var.ref_text'],
        ['an attribute', this.#region.id, 'data.aws_region.ref_region.id'],
        ['a function', Token.asString(Fn.upper(text)), 'upper(var.ref_text)'],
        ['a part of a text', `before-${text}-after`, 'var.ref_text'],
        [NUMBER_IN_TEXT, `before-${this.#number.numberValue}`, 'var.ref_number'],
      ],
      number: [
        ['a variable', this.#number.numberValue, 'var.ref_number'],
        ['a function', Token.asNumber(Fn.abs(this.#number.numberValue)), 'abs(var.ref_number)'],
      ],
      flag: [['a variable', this.#flag.booleanValue, 'var.ref_flag']],
      list: [
        ['a variable', this.#list.listValue, 'var.ref_list'],
        ['a member', [text], 'var.ref_text'],
        ['a function', Fn.split(',', text), 'split(\\",\\", var.ref_text)'],
      ],
      numbers: [
        ['a list', Token.asNumberList(this.#any.value), 'var.ref_any'],
        ['a member', [this.#number.numberValue], 'var.ref_number'],
      ],
      map: [
        ['a variable', Token.asStringMap(this.#map.value), 'var.ref_map'],
        ['a value', { Team: text }, 'var.ref_text'],
      ],
      object: [['a map', Token.asAnyMap(this.#any.value), 'var.ref_any']],
    };
    return [...byKind[kind], ['any value', this.#any.value, 'var.ref_any']];
  }
}

interface Case {
  readonly option: string;
  readonly how: string;
  readonly id: string;
  readonly expression: string;
  readonly refusal: Error | undefined;
}

/** Every option with every kind of reference, in one stack. */
class Everything {
  readonly cases: Case[] = [];
  readonly #app: App;
  readonly #stack: TerraformStack;

  constructor(outdir: string, before: (stack: TerraformStack) => void = () => {}) {
    // Whether a first value is ephemeral is another question.
    this.#app = new App({ outdir, skipValidation: true });
    this.#stack = new TerraformStack(this.#app, 'references');
    before(this.#stack);
    new AwsProvider(this.#stack, 'aws', { region: 'us-east-1' });
    new ArchiveProvider(this.#stack, 'archive');
    new LocalBackend(this.#stack, { path: 'terraform.tfstate' });
    const references = new References(this.#stack);
    const attempts = new TerraformStack(new App({ outdir: `${outdir}/attempts` }), 'attempts');
    for (const [owner, { declare, options }] of Object.entries(sites)) {
      for (const [option, kind] of Object.entries(options)) {
        for (const [how, value, expression] of references.of(kind)) {
          const id = `case${this.cases.length}`;
          const refusal = refusalOf(() => declare(new Construct(attempts, id), `app/${id}`, { [option]: value }));
          this.cases.push({ option: `${owner}.${option}`, how, id, expression, refusal });
          if (refusal === undefined) declare(new Construct(this.#stack, id), `app/${id}`, { [option]: value });
        }
      }
    }
  }

  synth(): StackJson {
    this.#app.synth();
    return readStackJson(readFileSync(path.join(this.#app.outdir, 'stacks/references/cdk.tf.json'), 'utf8'));
  }
}

function refusalOf(declare: () => void): Error | undefined {
  try {
    declare();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

/** The addresses of all resources and data sources. */
function addresses({ resource, data }: StackJson): string[] {
  return [resource, data].flatMap((blocks) =>
    Object.entries(blocks).flatMap(([type, named]) => Object.keys(named).map((name) => `${type}.${name}`)),
  );
}

const MARKER = /TfToken|\d\.\d+e\+\d{3}|\[object /;

describe('A reference, in every option of every construct', () => {
  const outdir = mkdtempSync(path.join(tmpdir(), 'rotaform-references-'));
  const another = mkdtempSync(path.join(tmpdir(), 'rotaform-references-'));
  let everything: Everything;
  let stack: StackJson;
  const warnings: string[] = [];
  const emitWarning = process.emitWarning;

  beforeAll(() => {
    process.emitWarning = (warning) => warnings.push(String(warning));
    everything = new Everything(outdir);
    stack = everything.synth();
  }, 120_000);
  afterAll(() => {
    process.emitWarning = emitWarning;
    for (const folder of [outdir, another]) rmSync(folder, { recursive: true });
  });

  it('is passed through unchanged', () => {
    const blocks = [stack.resource, stack.data].flatMap((each) =>
      Object.values(each).flatMap((of) => Object.entries(of)),
    );
    const lost = everything.cases
      .filter(({ refusal }) => refusal === undefined)
      .filter(({ id, expression }) => {
        const own = blocks.filter(([name]) => name.startsWith(`${id}_`));
        return !JSON.stringify(own).includes(expression);
      });
    expect(lost.map(({ option, how }) => `${option}: ${how}`)).toEqual([]);
  });

  it('is refused only if synth needs the value, with the reason', () => {
    const refused = everything.cases.filter(({ refusal }) => refusal !== undefined);
    const unexpected = refused.filter(
      ({ option, how, refusal }) =>
        !(refusal instanceof ConstructError) ||
        !(option in REFUSED || SHAPES.includes(option) || how === NUMBER_IN_TEXT),
    );
    expect(unexpected.map(({ option, how, refusal }) => `${option}, ${how}: ${refusal}`)).toEqual([]);
    for (const { option, how, refusal } of refused) {
      expect(refusal?.message, option).toMatch(
        /known to Terraform alone|is a text with a reference in it|has a literal|Expected an EphemeralVariable|credentials are missing or unknown/,
      );
      if (REFUSED[option] !== undefined && how !== NUMBER_IN_TEXT)
        expect(refusal?.message, option).toContain(REFUSED[option]);
    }
  });

  it('is never accepted if the list says that it is refused', () => {
    const accepted = everything.cases.filter(({ option, refusal }) => option in REFUSED && refusal === undefined);
    expect(accepted.map(({ option, how }) => `${option}: ${how}`)).toEqual([]);
  });

  it('appears in no message, no warning and no JSON as a marker of cdktf', () => {
    for (const { option, refusal } of everything.cases) expect(refusal?.message ?? '', option).not.toMatch(MARKER);
    expect(JSON.stringify(stack)).not.toMatch(MARKER);
    expect(warnings.filter((warning) => MARKER.test(warning))).toEqual([]);
    expect(warnings.length).toBeGreaterThan(0);
  });

  it('changes no address if an unrelated variable is declared before it', () => {
    const other = new Everything(another, (stack) => {
      const unrelated = new TerraformVariable(stack, 'unrelated', { type: 'any' });
      for (const value of [unrelated.stringValue, unrelated.numberValue, unrelated.listValue])
        expect(value).toBeDefined();
    });
    expect(addresses(other.synth())).toEqual(addresses(stack));
    expect(addresses(stack).length).toBeGreaterThan(500);
  });

  it.runIf(hasTerraform)(
    `gives what terraform validate accepts${missingTerraform}`,
    async () => {
      const folder = path.join(outdir, 'stacks/references');
      copyFileSync(terraformCli().lockFile, path.join(folder, '.terraform.lock.hcl'));
      writeOverrides(folder);
      const { exitCode, output } = await runTerraform(folder, ['validate'], {}).ended;
      expect({ exitCode, output }).toMatchObject({ exitCode: 0, output: expect.stringContaining('Success!') });
    },
    300_000,
  );
});
