import type { DataAwsIamPolicyDocumentStatement } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import type { Construct } from 'constructs';
import {
  type Auth0RotationOptions,
  type CodeSigning,
  type CustomRotationOptions,
  type EcsServiceOptions,
  EphemeralVariable,
  type EventBusOptions,
  type ExistingSecretProps,
  type FromSecretOptions,
  fromSecret,
  type GoogleAccessTokenOptions,
  type MysqlRotationOptions,
  type Network,
  type OauthTokenRotationOptions,
  OnRotated,
  type PostgresRotationOptions,
  type QueueOptions,
  type ReadOptions,
  type Replica,
  RotatedSecret,
  type RotatedSecretProps,
  Rotation,
  RotationAlarms,
  type RotationAlarmsProps,
  RotationFunction,
  type RotationFunctionOptions,
  type RotationFunctionProps,
  Schedule,
  type ScheduleOptions,
  SecretsManagerEndpoint,
  type SecretsManagerEndpointProps,
  StaticSecret,
  type StaticSecretProps,
  type TopicOptions,
  type WebhookOptions,
  type WorkloadIdentityOptions,
  workloadIdentity,
} from '../../../constructs/index.ts';
import type { Administrator } from '../../../rules/databases/administrators.ts';
import type { AssertionOptions } from '../../../rules/oauth-token.ts';
import type { PasswordRotationOptions } from '../../../rules/password/password-rotation.ts';

export type Kind = 'text' | 'number' | 'flag' | 'list' | 'numbers' | 'map' | 'object';

/** Declares one construct with one option more than it needs. */
export interface Site {
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
const kmsKeyArn = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const replicaKeyArn = kmsKeyArn.replace('us-east-1', 'eu-west-1');
const subnetIds = ['subnet-0123456789abcdef0'];
const audience = '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/aws/providers/lambda';
const entry = 'examples/custom-strategy/api-key.ts';
const rotated = (scope: Construct, name: string, how: Rotation) =>
  new RotatedSecret(scope, 'secret', { name, rotation: how, schedule });
const followed = (scope: Construct, name: string, follower: OnRotated) =>
  new RotatedSecret(scope, 'secret', { name, rotation, schedule, onRotated: [follower] });
const given = <Options>(options: object) => options as Options;

/** An option about the refresh needs one. */
const refreshed = (option: object) => ('refreshKmsKeyArn' in option ? { refreshEveryMinutes: 30 } : {});

const replicaOptions = { region: 'text', kmsKeyArn: 'text' } as const;
const replica = (option: object): Replica => ({ region: 'eu-west-1', ...option });
const keyOf = (option: object) => ('kmsKeyArn' in option ? (option.kmsKeyArn as string) : replicaKeyArn);

const statementOptions = {
  ...{ sid: 'text', effect: 'text', actions: 'list', notActions: 'list', resources: 'list', notResources: 'list' },
  ...{ principals: 'object', notPrincipals: 'object', condition: 'object' },
} as const satisfies Readonly<Record<string, Kind>>;

/** A statement with one option, in the place of its opposite. */
function statement(more: DataAwsIamPolicyDocumentStatement, option: object): DataAwsIamPolicyDocumentStatement {
  return {
    effect: 'Deny',
    principals: [{ type: 'AWS', identifiers: ['111122223333'] }],
    actions: ['secretsmanager:DeleteSecret'],
    resources: ['*'],
    ...more,
    ...('notPrincipals' in option && { principals: undefined }),
    ...('notActions' in option && { actions: undefined }),
    ...('notResources' in option && { resources: undefined }),
    ...option,
  };
}

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
  onRotated: 'object',
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

export const sites: Readonly<Record<string, Site>> = {
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
  'OnRotated.ecsService': site<EcsServiceOptions>(
    { clusterName: 'text', serviceName: 'text' },
    (scope, name, option) => {
      followed(scope, name, OnRotated.ecsService({ clusterName: 'apps', serviceName: 'web', ...option }));
    },
  ),
  'OnRotated.sns': site<TopicOptions>({ topicArn: 'text' }, (scope, name, option) =>
    followed(scope, name, OnRotated.sns(given(option))),
  ),
  'OnRotated.sqs': site<QueueOptions>({ queueArn: 'text' }, (scope, name, option) =>
    followed(scope, name, OnRotated.sqs(given(option))),
  ),
  'OnRotated.eventBus': site<EventBusOptions>({ eventBusArn: 'text' }, (scope, name, option) =>
    followed(scope, name, OnRotated.eventBus(given(option))),
  ),
  'OnRotated.webhook': site<WebhookOptions>({ connectionArn: 'text', url: 'text' }, (scope, name, option) => {
    const connectionArn = 'arn:aws:events:us-east-1:111122223333:connection/hook/0123';
    followed(scope, name, OnRotated.webhook({ connectionArn, url: 'https://example.com/rotated', ...option }));
  }),
  RotationAlarms: site<RotationAlarmsProps>(
    {
      ...{ email: 'text', topicArn: 'text', secrets: 'object', secretNamePrefix: 'text', except: 'list', name: 'text' },
      ...{ runbookUrl: 'text', runtime: 'text', permissionsBoundaryArn: 'text', rolePath: 'text', tags: 'map' },
      provider: 'object',
    },
    (scope, name, option) => {
      const told = 'topicArn' in option ? {} : { email: 'team@example.com' };
      const watched = 'secrets' in option || 'secretNamePrefix' in option ? {} : { secretNamePrefix: `${name}/` };
      new RotationAlarms(scope, 'alarms', { name: name.replaceAll('/', '-'), ...told, ...watched, ...option });
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
  'grantRead, its reader': site<{ arn: string }>({ arn: 'text' }, (scope, name, option) => {
    new StaticSecret(scope, 'secret', { name, kmsKeyArn }).grantRead(given<{ arn: string }>(option));
  }),
  secretArnIn: site<{ region: string }>({ region: 'text' }, (scope, name, option) => {
    const replica = given<Replica>(option);
    const secret = new StaticSecret(scope, 'secret', { name, replicas: [replica] });
    new StaticSecret(scope, 'other', { name: `${name}-other`, description: secret.secretArnIn(replica.region) });
  }),
  'RotatedSecret, its replicas': site<Replica>(replicaOptions, (scope, name, option) => {
    const secret = new RotatedSecret(scope, 'secret', { name, rotation, schedule, replicas: [replica(option)] });
    secret.grantRead('web');
  }),
  'RotatedSecret.existing, its replicas': site<Replica>(replicaOptions, (scope, name, option) => {
    const arn = secretArn.replace('app/existing', name);
    RotatedSecret.existing(scope, 'secret', {
      secretArn: arn,
      rotation,
      schedule,
      replicas: [replica(option)],
    }).grantRead('web');
  }),
  'StaticSecret, its replicas': site<Replica>(replicaOptions, (scope, name, option) => {
    new StaticSecret(scope, 'secret', { name, replicas: [replica(option)] }).grantRead('web');
  }),
  'RotationFunction, its replicas': site<Replica>(replicaOptions, (scope, name, option) => {
    const base = { functionName: name.replace('/', '-'), rotation, secretNamePrefix: 'app/' };
    // Without a key of its own, a replica asks nothing of the function.
    new RotationFunction(scope, 'function', { ...base, replicas: [{ ...replica(option), kmsKeyArn: keyOf(option) }] });
  }),
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
  'Rotation.mysql': site<MysqlRotationOptions>(
    {
      strategy: 'text',
      admin: 'object',
      users: 'list',
      userHost: 'text',
      format: 'text',
      urlFields: 'list',
      tls: 'object',
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
      const base = { strategy: 'dual-password', admin, users: ['app'] };
      rotated(scope, name, Rotation.mysql(given<MysqlRotationOptions>({ ...base, ...option })));
    },
  ),
  'Rotation.mysql, its tls': site<NonNullable<MysqlRotationOptions['tls']>>(
    { ca: 'text', servername: 'text' },
    (scope, name, tls) => rotated(scope, name, Rotation.mysql({ strategy: 'single-user', tls })),
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
  'Rotation.custom, its statements': site<DataAwsIamPolicyDocumentStatement>(
    statementOptions,
    (scope, name, option) => {
      rotated(scope, name, Rotation.custom({ entry, statements: [statement({ principals: undefined }, option)] }));
    },
  ),
  'resourcePolicy, its statements': site<DataAwsIamPolicyDocumentStatement>(statementOptions, (scope, name, option) => {
    new StaticSecret(scope, 'secret', { name, resourcePolicy: [statement({}, option)] });
  }),
  addToResourcePolicy: site<DataAwsIamPolicyDocumentStatement>(statementOptions, (scope, name, option) => {
    new RotatedSecret(scope, 'secret', { name, rotation, schedule }).addToResourcePolicy(statement({}, option));
  }),
  'resourcePolicy, its principals': site<{ type: string; identifiers: string[] }>(
    { type: 'text', identifiers: 'list' },
    (scope, name, option) => {
      const principals = [{ type: 'AWS', identifiers: ['111122223333'], ...option }];
      new StaticSecret(scope, 'secret', { name, resourcePolicy: [statement({ principals }, {})] });
    },
  ),
  'resourcePolicy, its conditions': site<{ test: string; variable: string; values: string[] }>(
    { test: 'text', variable: 'text', values: 'list' },
    (scope, name, option) => {
      const condition = [{ test: 'Bool', variable: 'aws:SecureTransport', values: ['false'], ...option }];
      new StaticSecret(scope, 'secret', { name, resourcePolicy: [statement({ condition }, {})] });
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
  'Schedule.cron, its window': site<ScheduleOptions>({ windowHours: 'number' }, (_scope, _name, option) => {
    Schedule.cron('0 2 ? * SUN *', option);
  }),
  'Schedule.cron': site<{ expression: string }>({ expression: 'text' }, (_scope, _name, { expression }) => {
    Schedule.cron(expression as string);
  }),
  'Schedule.spread': site<{ secretName: string }>({ secretName: 'text' }, (_scope, _name, { secretName }) => {
    Schedule.cron('0 0 ? * SUN *', { windowHours: 6 }).spread(secretName as string);
  }),
};
