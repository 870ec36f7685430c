import type { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { type TerraformStack, TerraformVariable } from 'cdktf';
import {
  EphemeralVariable,
  fromSecret,
  OnRotated,
  Rotation,
  Schedule,
  SecretsManagerEndpoint,
  workloadIdentity,
} from '../../../constructs/index.ts';

/** What is there before the stack is deployed, and the stack. */
export interface Before {
  readonly stack: TerraformStack;
  /** Of another region. */
  readonly provider: AwsProvider;
  readonly kmsKeyArn: string;
  /** Of the other region. */
  readonly otherKeyArn: string;
  readonly roleArn: string;
  readonly existingArns: readonly string[];
}

type Options = Readonly<Record<string, unknown>>;

const OTHER_REGION = 'eu-west-1';
const subnetIds = ['subnet-0123456789abcdef0'];
const secretArn = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:app/client-AbCdEf';
const credentials = fromSecret(secretArn);
const tags = { Team: 'data' };
const schedule = Schedule.cron('0 2 ? * SUN *', { windowHours: 6 });
const characters = {
  ...{ length: 40, excludeCharacters: '"', excludeNumbers: false, excludePunctuation: true, excludeUppercase: false },
  ...{ excludeLowercase: false, includeSpace: false, requireEachIncludedType: true },
};
const denial = {
  ...{ sid: 'DenyOther', effect: 'Deny', actions: ['secretsmanager:DeleteSecret'], resources: ['*'] },
  principals: [{ type: 'AWS', identifiers: ['444455556666'] }],
  condition: [{ test: 'Bool', variable: 'aws:SecureTransport', values: ['false'] }],
};
const negatives = {
  notPrincipals: [{ type: 'AWS', identifiers: ['444455556666'] }],
  notActions: ['secretsmanager:GetSecretValue'],
  notResources: ['arn:aws:secretsmanager:*:*:secret:other-*'],
  condition: [{ test: 'StringEquals', variable: 'aws:PrincipalAccount', values: ['444455556666'] }],
};

/** For each site, options that AWS takes together: all of them are in one of the sets. */
export function deployable(before: Before): Readonly<Record<string, readonly Options[]>> {
  const { stack, provider, kmsKeyArn, otherKeyArn, roleArn, existingArns } = before;
  const text = new TerraformVariable(stack, 'text', { type: 'string' }).stringValue;
  const first = new EphemeralVariable(stack, 'first', 'For a test').stringValue;
  const endpoint = new SecretsManagerEndpoint(stack, 'own_endpoint', { subnetIds });
  const network = { subnetIds, securityGroupIds: ['sg-0123456789abcdef0'], targetPorts: [5432] };
  const replicas = [{ region: OTHER_REGION, kmsKeyArn: otherKeyArn }];
  const codeSigning = {
    configArn: 'arn:aws:lambda:us-east-1:111122223333:code-signing-config:csc-0123456789abcdef0',
    ...{ profileName: 'team', bucketName: 'code' },
  };
  const secret = {
    ...{ description: 'For a test', kmsKeyArn, recoveryWindowDays: 7, tags, replicas },
    ...{ resourcePolicy: [denial], blockPublicPolicy: false },
  };
  const onRotated = [OnRotated.ecsService({ clusterName: 'apps', serviceName: 'web' })];
  const rotation = {
    ...{ rotation: Rotation.password(), schedule, refreshEveryMinutes: 30, refreshKmsKeyArn: kmsKeyArn },
    ...{ rotateImmediately: false, kmsKeyArn, tags, onRotated },
  };
  const lambda = {
    ...{ timeoutSeconds: 30, memoryMegabytes: 512, runtime: 'nodejs22.x', architecture: 'x86_64', tracing: true },
    ...{ logRetentionDays: 30, logKmsKeyArn: kmsKeyArn, environmentKmsKeyArn: kmsKeyArn, network, codeSigning },
    ...{ reservedConcurrentExecutions: 2, permissionsBoundaryArn: 'arn:aws:iam::aws:policy/PowerUserAccess' },
    rolePath: '/rotation/',
  };
  const probe = { proof: 'probe', probeUrl: 'https://api.example.com', probeHeader: 'X-Api-Key' };
  const token = {
    ...{ audience: 'https://api', scope: 'read', parameters: { a: 'b' }, authentication: 'client_secret_post' },
    ...{ lifetimeSeconds: 7_776_000, network: { subnetIds }, proxy: 'http://proxy.example.com:3128', credentials },
    ...{ ...probe, tls: { ca: text } },
  };
  const asserted = { authentication: 'private_key_jwt', assertion: { algorithm: 'ES256', keyId: 'key' } };
  const [existing, another, third] = existingArns;
  return {
    RotatedSecret: [
      { ...secret, ...rotation, initial: { username: 'app', password: first }, functionOptions: {} },
      { namePrefix: 'app/prefixed-', initial: first },
      { name: 'app/elsewhere', provider },
    ],
    'RotatedSecret.initial': [{ username: 'app', password: first, port: 5432, tags: ['a'], more: { a: 'b' } }],
    'RotatedSecret.existing': [
      { ...rotation, secretArn: existing, resourcePolicy: [denial], blockPublicPolicy: false, functionOptions: {} },
      { secretArn: another, replicas },
      { secretArn: third, provider: undefined, takeOverFrom: undefined },
    ],
    functionOptions: [{ ...lambda, functionName: 'rotate-named' }, { roleArn }],
    'OnRotated.ecsService': [{ clusterName: 'apps', serviceName: 'web' }],
    'OnRotated.sns': [{ topicArn: 'arn:aws:sns:us-east-1:111122223333:rotated' }],
    'OnRotated.sqs': [{ queueArn: 'arn:aws:sqs:us-east-1:111122223333:rotated' }],
    'OnRotated.eventBus': [{ eventBusArn: 'arn:aws:events:us-east-1:111122223333:event-bus/team' }],
    'OnRotated.webhook': [
      {
        connectionArn: 'arn:aws:events:us-east-1:111122223333:connection/hook/0123',
        url: 'https://example.com/rotated',
      },
    ],
    RotationAlarms: [
      {
        ...{ email: 'team@example.com', secretNamePrefix: 'app/', except: ['app/client'], name: 'named', tags },
        ...{ runbookUrl: 'https://example.com/runbook', runtime: 'nodejs22.x', rolePath: '/alarms/' },
        permissionsBoundaryArn: 'arn:aws:iam::aws:policy/PowerUserAccess',
      },
      { topicArn: 'arn:aws:sns:us-east-1:111122223333:team' },
      { provider },
    ],
    network: [
      { subnetIds, securityGroupIds: ['sg-0123456789abcdef0'], targetPorts: [443], secretsManagerEndpoint: endpoint },
    ],
    codeSigning: [codeSigning],
    RotationFunction: [
      {
        ...lambda,
        functionName: 'rotate-fleet',
        rotation: Rotation.password(),
        secretNamePrefix: 'fleet/',
        tags,
        replicas,
      },
      { functionName: 'rotate-keys', kmsKeyArns: [kmsKeyArn], secretArn: existing },
      { functionName: 'rotate-elsewhere', provider },
      { functionName: 'rotate-as', roleArn },
    ],
    StaticSecret: [
      { ...secret, initial: { username: 'app', key: first }, publicFields: ['username'] },
      { namePrefix: 'app/static-' },
      { name: 'app/static-elsewhere', provider },
    ],
    SecretsManagerEndpoint: [{ subnetIds, tags }, { provider }],
    grantRead: [{ versionStages: ['AWSCURRENT'], role: 'web' }],
    'grantRead, its reader': [{ arn: 'arn:aws:iam::444455556666:role/reader' }],
    secretArnIn: [{ region: OTHER_REGION }],
    'RotatedSecret, its replicas': [{ region: OTHER_REGION, kmsKeyArn: otherKeyArn }],
    'RotatedSecret.existing, its replicas': [],
    'StaticSecret, its replicas': [{ region: OTHER_REGION, kmsKeyArn: otherKeyArn }],
    'RotationFunction, its replicas': [{ region: OTHER_REGION, kmsKeyArn: otherKeyArn }],
    'Rotation.password': [{ ...characters, field: 'secret', format: 'json' }],
    'Rotation.postgres': [
      {
        ...{ strategy: 'alternating-users', users: ['app', 'app_clone'], dbname: 'app', ownerRole: 'app_owner' },
        ...{ tls: { servername: 'db.example.com' }, network: { subnetIds }, ...characters },
        admin: { secretArn, host: 'db.example.com' },
      },
      { format: 'json', urlFields: ['url'], allowMd5: true, allowPlaintext: true },
    ],
    'Rotation.postgres, its admin': [{ secretArn, host: 'db.example.com', port: 5433, kmsKeyArn }],
    'Rotation.postgres, its tls': [{ ca: text, servername: 'db.example.com' }],
    'Rotation.mysql': [
      {
        ...{ strategy: 'dual-password', users: ['app'], userHost: '%', format: 'json', urlFields: ['url'] },
        ...{ tls: { servername: 'db.example.com' }, network: { subnetIds }, ...characters, allowPlaintext: true },
        admin: { secretArn, host: 'db.example.com' },
      },
    ],
    'Rotation.mysql, its tls': [{ ca: text, servername: 'db.example.com' }],
    'Rotation.oauthToken': [
      { ...token, issuer: 'https://login.example.com' },
      { resource: 'https://api.example.com' },
      { tokenEndpoint: 'https://login.example.com/token', jwksUri: 'https://login.example.com/keys' },
      {
        ...{ introspectionEndpoint: 'https://login.example.com/introspect', introspectionCredentials: credentials },
        proof: 'introspection',
      },
      asserted,
    ],
    'Rotation.oauthToken, its tls': [{ ca: text, clientCertificate: credentials }],
    'Rotation.oauthToken, its assertion': [
      { audience: 'https://login.example.com', algorithm: 'ES256', keyId: 'key' },
      { thumbprint: 'ab'.repeat(32) },
    ],
    'Rotation.auth0': [
      { ...token, domain: 'my-tenant.eu.auth0.com', organization: 'org_1' },
      { ...asserted, audience: 'https://api' },
    ],
    EphemeralVariable: [{ description: 'For a test' }],
    'Rotation.custom': [
      {
        ...{ entry: 'examples/custom-strategy/api-key.ts', environment: { REGION_OF: 'b' }, generatedFields: ['key'] },
        ...{ statements: [{ actions: ['sns:Publish'], resources: ['*'] }], network: { subnetIds } },
        ...{ singleUser: true, format: 'json', trim: false },
      },
    ],
    'Rotation.custom, its statements': [
      { sid: 'One', effect: 'Allow', actions: ['sns:Publish'], resources: ['*'], condition: denial.condition },
      { notActions: ['sns:Publish'], notResources: ['arn:aws:sns:us-east-1:111122223333:other'] },
    ],
    'resourcePolicy, its statements': [denial, negatives],
    addToResourcePolicy: [denial, negatives],
    'resourcePolicy, its principals': [{ type: 'AWS', identifiers: ['444455556666'] }],
    'resourcePolicy, its conditions': [{ test: 'Bool', variable: 'aws:SecureTransport', values: ['false'] }],
    'Rotation.googleAccessToken': [
      {
        ...{
          credentials: workloadIdentity({
            audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/aws/providers/lambda',
          }),
        },
        ...{ serviceAccount: 'a@b.iam.gserviceaccount.com', scopes: ['https://www.googleapis.com/auth/drive'] },
        ...{ lifetimeSeconds: 3_600, delegates: ['c@b.iam.gserviceaccount.com'], quotaProject: 'b', field: 'token' },
      },
      { subject: 'person@example.com' },
      { endpointUrl: 'https://iamcredentials.private.example.com' },
    ],
    workloadIdentity: [
      { audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/aws/providers/lambda' },
    ],
    fromSecret: [{ secretArn, kmsKeyArn }],
  };
}

/** Options that are tried elsewhere, each with where or why. */
export const NOT_DEPLOYED: Readonly<Record<string, string>> = {
  'RotatedSecret.existing, its replicas.region': 'RotatedSecret.existing.replicas',
  'RotatedSecret.existing, its replicas.kmsKeyArn': 'RotatedSecret.existing.replicas',
  'Rotation.custom, its statements.principals': 'AWS takes none in the policy of a role',
  'Rotation.custom, its statements.notPrincipals': 'AWS takes none in the policy of a role',
  'RotationAlarms.secrets': 'as those of the stack: rotation-alarms.test.ts',
  'grantRead.provider': 'of the reader’s account: regions-and-accounts',
};
