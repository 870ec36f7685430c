import fc from 'fast-check';
import type { TargetName } from '../../rules/targets.ts';

/** What a user declares, in no language: `construct-of.ts` says it in TypeScript, `module-of.ts` in HCL. */
export interface PropertySet {
  readonly target: TargetName;
  /** Options of the rotation, by the names of the constructs. */
  readonly rotation: Readonly<Record<string, unknown>>;
  readonly schedule: {
    readonly days?: number;
    readonly hours?: number;
    readonly cron?: string;
    readonly windowHours?: number;
  };
  /** Of the secret and its rotation, by the names of the constructs. */
  readonly secret: Readonly<Record<string, unknown>>;
  readonly functionOptions: Readonly<Record<string, unknown>>;
  readonly network?: Readonly<Record<string, unknown>>;
  /** Whether two secrets share the function. */
  readonly isFleet: boolean;
  /** Whether the secret was there before. */
  readonly isExisting: boolean;
  /** What follows a rotation, by the methods of `OnRotated`. */
  readonly onRotated: readonly FollowerSet[];
}

export type FollowerSet = Readonly<Record<string, Readonly<Record<string, string>>>>;

const KEY = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const OTHER_KEY = 'arn:aws:kms:us-east-1:111122223333:key/abcd1234-12ab-34cd-56ef-1234567890ab';
const CA = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const secretArn = (name: string) => `arn:aws:secretsmanager:us-east-1:111122223333:secret:${name}-AbCdEf`;

/** Of the secret of a set that was there before. */
export const existingArn = (id: string) => secretArn(`${id}/secret`);

/** What rotates that secret today. A test cannot tell a plan that nothing does. */
export const HAND_MADE = 'arn:aws:lambda:us-east-1:111122223333:function:by-hand';

/** Every property may be left out. */
const some = <T>(properties: { [Name in keyof T]: fc.Arbitrary<T[Name]> }) =>
  fc.record(properties, { requiredKeys: [] }) as fc.Arbitrary<Partial<T>>;

const password = some({
  length: fc.integer({ min: 8, max: 64 }),
  excludeCharacters: fc.constantFrom('', '{}', '$%{', '"\\/@', ':;,'),
  excludeNumbers: fc.boolean(),
  excludePunctuation: fc.boolean(),
  includeSpace: fc.boolean(),
  requireEachIncludedType: fc.boolean(),
});

const passwordRotation = fc
  .tuple(
    password,
    fc.constantFrom<Record<string, unknown>>({}, { field: 'token' }, { field: ['a', 'b'] }, { format: 'text' }),
  )
  .map(([options, shape]) => ({ ...options, ...shape }));

const admin = fc
  .tuple(
    some({ host: fc.constant('db.example.com'), port: fc.constant(6432), kmsKeyArn: fc.constantFrom(KEY, OTHER_KEY) }),
  )
  .map(([options]) => ({ secretArn: secretArn('db/admin'), ...options }));
const postgresCommon = some({
  urlFields: fc.constant(['DATABASE_URL']),
  tls: some({ ca: fc.constant(CA), servername: fc.constant('db.internal') }),
  allowMd5: fc.boolean(),
  allowPlaintext: fc.boolean(),
});
const postgresRotation = (isFleet: boolean) =>
  fc.oneof(
    fc.tuple(postgresCommon, password).map(([options, made]) => ({ strategy: 'single-user', ...options, ...made })),
    fc.tuple(postgresCommon, password, admin, fc.boolean()).map(([options, made, by, hasDbname]) => ({
      strategy: 'single-user',
      admin: by,
      users: isFleet ? ['tenant_{name}'] : ['app'],
      ...(hasDbname && { dbname: 'shop' }),
      ...options,
      ...made,
    })),
    fc.tuple(postgresCommon, password, admin, fc.boolean()).map(([options, made, by, hasOwner]) => ({
      strategy: 'alternating-users',
      admin: by,
      users: isFleet ? ['tenant_{name}'] : ['app', 'app_twin'],
      ...(hasOwner && { ownerRole: isFleet ? 'owner_{name}' : 'app_owner' }),
      ...options,
      ...made,
    })),
  );

const mysqlCommon = some({
  urlFields: fc.constant(['DATABASE_URL']),
  tls: some({ ca: fc.constant(CA), servername: fc.constant('db.internal') }),
  allowPlaintext: fc.boolean(),
});
const mysqlRotation = (isFleet: boolean) =>
  fc.oneof(
    fc.tuple(mysqlCommon, password).map(([options, made]) => ({ strategy: 'single-user', ...options, ...made })),
    fc
      .tuple(
        mysqlCommon,
        password,
        admin,
        fc.constantFrom('dual-password', 'alternating-users', 'single-user'),
        fc.boolean(),
      )
      .map(([options, made, by, strategy, hasHost]) => ({
        strategy,
        admin: by,
        users: [
          isFleet ? 'tenant_{name}' : 'app',
          ...(strategy === 'alternating-users' ? [isFleet ? 'tenant_{name}_b' : 'app_b'] : []),
        ],
        ...(hasHost && { userHost: '10.%' }),
        ...options,
        ...made,
      })),
  );

const credentials = fc.record(
  { secretArn: fc.constant(secretArn('app/client')), kmsKeyArn: fc.constant(KEY) },
  { requiredKeys: ['secretArn'] },
);
const tokenCommon = some({
  scope: fc.constantFrom('read', 'read write'),
  parameters: fc.constantFrom({ one: '1' }, { two: '<2> & "3"' }),
  lifetimeSeconds: fc.constantFrom(86_400, 172_800),
});
const oauthRotation = fc
  .tuple(
    credentials,
    tokenCommon,
    fc.constantFrom<Record<string, unknown>>(
      { issuer: 'https://login.example.com/', audience: 'https://api.example.com' },
      { issuer: 'https://login.example.com', resource: 'https://api.example.com', proof: 'introspection' },
      {
        issuer: 'https://login.example.com',
        introspectionCredentials: { secretArn: secretArn('app/asker'), kmsKeyArn: OTHER_KEY },
      },
      { tokenEndpoint: 'https://login.example.com/token', jwksUri: 'https://login.example.com/jwks' },
      {
        tokenEndpoint: 'https://login.example.com/token',
        proof: 'probe',
        probeUrl: 'https://api.example.com/me',
        probeHeader: 'X-Token',
      },
      {
        issuer: 'https://login.example.com',
        authentication: 'private_key_jwt',
        assertion: { audience: 'https://login.example.com/token', algorithm: 'ES256', keyId: 'one' },
      },
      {
        issuer: 'https://login.example.com',
        authentication: 'tls_client_auth',
        tls: { ca: CA, clientCertificate: { secretArn: secretArn('app/certificate') } },
        proxy: 'http://proxy.internal:3128',
      },
      { auth0: { domain: 'my-tenant.eu.auth0.com', organization: 'org_1' }, audience: 'https://api.example.com' },
      {
        auth0: { domain: 'my-tenant.eu.auth0.com' },
        audience: 'https://api.example.com',
        authentication: 'client_secret_basic',
      },
    ),
  )
  .map(([client, options, kind]) => ({ credentials: client, ...options, ...kind }));

const googleRotation = fc
  .tuple(
    fc.oneof(
      credentials,
      fc.constant({
        workloadIdentityAudience:
          '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/aws/providers/lambda',
      }),
    ),
    some({
      delegates: fc.constant(['one@my-project.iam.gserviceaccount.com']),
      quotaProject: fc.constant('my-project'),
      field: fc.constant('TOKEN'),
      endpointUrl: fc.constant('https://google.example.com'),
    }),
    fc.constantFrom<Record<string, unknown>>({ lifetimeSeconds: 43_200 }, { subject: 'somebody@example.com' }),
  )
  .map(([by, options, kind]) => ({
    credentials: by,
    serviceAccount: 'calendar@my-project.iam.gserviceaccount.com',
    scopes: ['https://www.googleapis.com/auth/calendar.readonly', 'https://www.googleapis.com/auth/tasks'],
    ...options,
    ...kind,
  }));

const rare = fc.constantFrom(
  { days: 1 },
  { days: 30, windowHours: 3 },
  { hours: 12, windowHours: 2 },
  { cron: '0 8 ? * MON-FRI *', windowHours: 1 },
  { cron: '0 2 1,15 * ? *' },
  { cron: '0 /8 * * ? *' },
);
const often = fc.constantFrom({ hours: 4 }, { hours: 4, windowHours: 2 });

const functionOptions = some({
  timeoutSeconds: fc.constantFrom(10, 60),
  memoryMegabytes: fc.constant(512),
  architecture: fc.constant('x86_64'),
  logRetentionDays: fc.constant(30),
  logKmsKeyArn: fc.constant(KEY),
  environmentKmsKeyArn: fc.constant(KEY),
  permissionsBoundaryArn: fc.constant('arn:aws:iam::111122223333:policy/boundary'),
  rolePath: fc.constant('/teams/data/'),
  tracing: fc.boolean(),
  reservedConcurrentExecutions: fc.constant(2),
  codeSigning: fc.constant({
    configArn: 'arn:aws:lambda:us-east-1:111122223333:code-signing-config:csc-0123456789abcdef0',
    profileName: 'deployments',
    bucketName: 'signed-code',
  }),
});
const network = some({
  securityGroupIds: fc.constant(['sg-0123456789abcdef0']),
  // Not 443: the constructs make no rule for it, and the module refuses it.
  targetPorts: fc.constantFrom([6432], [8443, 9443]),
}).map((options) => ({ subnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'], ...options }));

const REPLICA_KEY = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const RESOURCE_POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'DenyOthers',
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: 'secretsmanager:DeleteSecret',
      Resource: '*',
      Condition: { ArnNotEquals: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/deploy' } },
    },
  ],
});

const secret = some({
  description: fc.constant('What the web application logs in with'),
  kmsKeyArn: fc.constant(KEY),
  recoveryWindowDays: fc.constantFrom(0, 7, 30),
  tags: fc.constant({ team: 'data' }),
  replicas: fc.constantFrom(
    [{ region: 'eu-west-1' }],
    [{ region: 'eu-central-1' }, { region: 'eu-west-1', kmsKeyArn: REPLICA_KEY }],
  ),
  resourcePolicy: fc.constant(RESOURCE_POLICY),
  blockPublicPolicy: fc.boolean(),
});
const FOLLOWERS: readonly FollowerSet[] = [
  { ecsService: { clusterName: 'apps', serviceName: 'web' } },
  { ecsService: { clusterName: 'apps', serviceName: 'worker' } },
  { sns: { topicArn: 'arn:aws:sns:us-east-1:111122223333:rotated' } },
  { sqs: { queueArn: 'arn:aws:sqs:us-east-1:111122223333:rotated' } },
  { eventBus: { eventBusArn: 'arn:aws:events:eu-west-1:444455556666:event-bus/team' } },
  {
    webhook: {
      connectionArn: 'arn:aws:events:us-east-1:111122223333:connection/hook/0123abcd',
      url: 'https://example.com/rotated',
    },
  },
];
/** Of every fourth set. */
const onRotated = fc.oneof(
  { weight: 3, arbitrary: fc.constant<readonly FollowerSet[]>([]) },
  { weight: 1, arbitrary: fc.subarray([...FOLLOWERS], { minLength: 1, maxLength: 5 }) },
);
/** What belongs to the secret itself, and not to its rotation. */
const OF_THE_SECRET = ['description', 'recoveryWindowDays'];

/** As many sets as are asked for, the same each time. */
export function propertySets(count: number): readonly PropertySet[] {
  const rotations: Readonly<Record<TargetName, (isFleet: boolean) => fc.Arbitrary<Record<string, unknown>>>> = {
    password: () => passwordRotation,
    postgres: postgresRotation,
    mysql: mysqlRotation,
    'oauth-token': () => oauthRotation,
    'google-access-token': () => googleRotation,
  };
  const set = fc
    .tuple(
      fc.constantFrom(...(Object.keys(rotations) as TargetName[])),
      fc.boolean(),
      fc.boolean(),
      fc.integer({ min: 0, max: 3 }),
    )
    .chain(([target, mayBeFleet, isRefreshed, oneOfFour]) => {
      const isToken = target.endsWith('-token');
      const isFleet = mayBeFleet && !isToken;
      const isExisting = oneOfFour === 0 && !isFleet;
      return fc.record({
        target: fc.constant(target),
        isFleet: fc.constant(isFleet),
        isExisting: fc.constant(isExisting),
        rotation: rotations[target](isFleet),
        schedule: isToken ? often : rare,
        secret: secret.map((options) => ({
          ...Object.fromEntries(
            Object.entries(options).filter(([name]) => !isExisting || !OF_THE_SECRET.includes(name)),
          ),
          ...(isToken &&
            (isRefreshed || target === 'google-access-token') && { refreshEveryMinutes: 30, refreshKmsKeyArn: KEY }),
        })),
        functionOptions,
        onRotated,
        ...(target === 'google-access-token' ? {} : { network: fc.option(network, { nil: undefined }) }),
      });
    });
  return fc.sample(set as fc.Arbitrary<PropertySet>, { numRuns: count, seed: 20_261_128 });
}

/** Alarms on one secret that rotates, or below a prefix, by the names of the constructs. */
export type AlarmSet = Readonly<Record<string, unknown>> & { readonly watches: 'secret' | 'fleet' | 'prefix' };

/** As many sets as are asked for, the same each time. */
export function alarmSets(count: number): readonly AlarmSet[] {
  const told = fc.constantFrom({ email: 'team@example.com' }, { topicArn: 'arn:aws:sns:us-east-1:111122223333:team' });
  const options = some({
    runbookUrl: fc.constant('https://example.com/runbook'),
    runtime: fc.constant('nodejs22.x'),
    permissionsBoundaryArn: fc.constant('arn:aws:iam::111122223333:policy/boundary'),
    rolePath: fc.constant('/teams/data/'),
    tags: fc.constant({ team: 'data' }),
  });
  const watched = fc.constantFrom(
    { watches: 'secret' as const },
    { watches: 'fleet' as const },
    { watches: 'prefix' as const, secretNamePrefix: 'my-app/', except: ['my-app/client'] },
  );
  const set = fc.tuple(watched, told, options).map(([what, whom, more]) => ({ ...what, ...whom, ...more }));
  return fc.sample(set, { numRuns: count, seed: 20_261_128 });
}
