import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { hasTerraform, missingTerraform } from '../../harness/terraform-cli.ts';
import { type ModuleCall, refusalsOf } from './refusals.ts';
import { testRuns } from './refused-inputs.ts';

const ARN = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:db/admin-AbCdEf';
const KEY = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const ADMIN = { secret_arn: ARN, host: 'db.example.com', port: 5432, kms_key_arn: KEY };
const FLEET = {
  secret_name_prefix: 'tenants/',
  secrets: { 'tenants/1': { description: 'One', schedule_cron: '0 8 ? * MON *' } },
};
const SHARED = { name: null, function: { name: 'rotate-tenants' } };

interface Filled {
  readonly module: string;
  readonly variable: string;
  /** Every member is given. */
  readonly value: unknown;
  /** Inputs without which that is refused. */
  readonly others?: Readonly<Record<string, unknown>>;
}

const FILLED: readonly Filled[] = [
  { module: 'password', variable: 'schedule', value: { rate_days: 30, window_hours: 2 } },
  { module: 'password', variable: 'schedule', value: { rate_hours: 12 } },
  { module: 'password', variable: 'schedule', value: { cron: '0 8 ? * MON *' } },
  { module: 'password', variable: 'schedule', value: { daily: { hour: 3 } } },
  { module: 'password', variable: 'schedule', value: { weekly: { hour: 3, weekday: 'SUN' } } },
  { module: 'password', variable: 'schedule', value: { monthly: { hour: 3, day: 'L' } } },
  { module: 'password', variable: 'fleet', value: FLEET, others: SHARED },
  {
    module: 'password',
    variable: 'existing',
    value: { secret_arn: ARN, take_over_from: 'arn:aws:lambda:us-east-1:111122223333:function:by-hand' },
    others: { name: null },
  },
  {
    module: 'password',
    variable: 'function',
    value: {
      ...{ name: 'rotate', timeout_seconds: 30, memory_megabytes: 256, runtime: 'nodejs22.x', architecture: 'arm64' },
      ...{ log_retention_days: 30, log_kms_key_arn: KEY, environment_kms_key_arn: KEY, role_path: '/teams/' },
      ...{ permissions_boundary_arn: 'arn:aws:iam::aws:policy/PowerUserAccess', tracing: true },
      reserved_concurrent_executions: 2,
      code_signing: { config_arn: 'arn:one', profile_name: 'deployments', bucket_name: 'signed-code' },
    },
  },
  {
    module: 'password',
    variable: 'network',
    value: {
      ...{ subnet_ids: ['subnet-0123'], security_group_ids: ['sg-0123'], target_ports: [5432] },
      secrets_manager_endpoint_security_group_id: 'sg-4567',
    },
  },
  {
    module: 'password',
    variable: 'replicas',
    value: [{ region: 'eu-west-1', kms_key_arn: KEY.replace('us-east-1', 'eu-west-1') }],
  },
  {
    module: 'password',
    variable: 'resource_policy',
    value: {
      json: JSON.stringify({ Statement: [{ Effect: 'Deny', Principal: '*', Action: 'x:y', Resource: '*' }] }),
      block_public_policy: true,
    },
  },
  {
    module: 'password',
    variable: 'password',
    value: {
      ...{ length: 32, exclude_characters: '/', exclude_numbers: false, exclude_punctuation: false },
      ...{ exclude_uppercase: false, exclude_lowercase: false, include_space: false, require_each_included_type: true },
    },
  },
  { module: 'password', variable: 'fields', value: ['password'] },
  {
    module: 'password',
    variable: 'on_rotated',
    value: [
      { ecs_service: { cluster_name: 'apps', service_name: 'web' } },
      { sns: { topic_arn: 'arn:aws:sns:us-east-1:111122223333:rotated' } },
      { sqs: { queue_arn: 'arn:aws:sqs:us-east-1:111122223333:rotated' } },
      { event_bus: { event_bus_arn: 'arn:aws:events:us-east-1:111122223333:event-bus/team' } },
      {
        webhook: {
          connection_arn: 'arn:aws:events:us-east-1:111122223333:connection/hook/0123',
          url: 'https://example.com',
        },
      },
    ],
  },
  {
    module: 'alarms',
    variable: 'rotations',
    value: { db: { function_name: 'rotate-db', rotating_secret_arns: { db: ARN }, token_lifetime_seconds: 3_600 } },
  },
  { module: 'alarms', variable: 'except', value: ['my-app/client'] },
  { module: 'password', variable: 'tags', value: { team: 'data' } },
  ...['postgres', 'mysql'].flatMap((module) => [
    { module, variable: 'admin', value: ADMIN, others: { users: ['app'] } },
    { module, variable: 'admins', value: [ADMIN], others: { users: ['app'], admin: null } },
    { module, variable: 'users', value: ['app'], others: { admin: ADMIN } },
    { module, variable: 'users', value: ['{name}'], others: { ...SHARED, fleet: FLEET, admin: ADMIN, initial: null } },
    { module, variable: 'url_fields', value: ['DATABASE_URL'] },
    {
      module,
      variable: 'tls',
      value: { ca: '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n', servername: 'db' },
    },
  ]),
  {
    module: 'oauth-token',
    variable: 'auth0',
    value: { domain: 'my-tenant.eu.auth0.com', organization: 'org_1' },
    others: { issuer: null, audience: 'https://api.example.com' },
  },
  { module: 'oauth-token', variable: 'parameters', value: { one: '1' } },
  {
    module: 'oauth-token',
    variable: 'assertion',
    value: { audience: 'https://one.example.com', algorithm: 'ES256', key_id: 'one', thumbprint: 'ab'.repeat(32) },
    others: { authentication: 'private_key_jwt' },
  },
  { module: 'oauth-token', variable: 'credentials', value: { secret_arn: ARN, kms_key_arn: KEY } },
  { module: 'oauth-token', variable: 'introspection_credentials', value: { secret_arn: ARN, kms_key_arn: KEY } },
  {
    module: 'oauth-token',
    variable: 'tls',
    value: { ca: null, client_certificate: { secret_arn: ARN, kms_key_arn: KEY } },
  },
  {
    module: 'google-access-token',
    variable: 'credentials',
    value: { workload_identity_audience: null, secret_arn: ARN, kms_key_arn: KEY },
  },
  { module: 'google-access-token', variable: 'scopes', value: ['https://www.googleapis.com/auth/tasks'] },
  { module: 'google-access-token', variable: 'delegates', value: ['one@two.iam.gserviceaccount.com'] },
  { module: 'custom', variable: 'environment', value: { NAME: 'value' } },
  {
    module: 'custom',
    variable: 'statements',
    value: [
      {
        ...{ sid: 'One', effect: 'Allow', actions: ['s3:GetObject'], resources: ['*'] },
        conditions: [{ test: 'StringEquals', variable: 'aws:PrincipalAccount', values: ['111122223333'] }],
      },
    ],
  },
];

describe.skipIf(!hasTerraform)(`A null within an input${missingTerraform}`, { timeout: 300_000 }, () => {
  const outer = mkdtempSync(path.join(tmpdir(), 'rotaform-null-'));
  afterAll(() => rmSync(outer, { recursive: true }));

  it('is refused by a validation or means the default, whatever member is null', async () => {
    mkdirSync(path.join(outer, 'function/archives'), { recursive: true });
    writeFileSync(path.join(outer, 'function/archives/password.zip'), '');
    const folder = path.join(outer, 'root');
    mkdirSync(folder);
    const calls = FILLED.flatMap(({ module, variable, value, others = {} }, index) => {
      const accepted = testRuns(module).find(({ name }) => name === 'accepted')?.inputs ?? new Map();
      return [value, ...withANull(value)].map((each, at): ModuleCall => {
        const given = Object.entries({ ...others, [variable]: each }).map(
          ([name, input]) => [name, hcl(input)] as const,
        );
        return {
          call: `${module}_${index}_${variable}_${at}`,
          module,
          copy: module,
          inputs: new Map([...accepted, ...given]),
        };
      });
    });
    const first = await refusalsOf(folder, calls);
    const passed = calls.filter(({ call }) => !first.some((each) => each.call === call));
    const refusals = [...first, ...(await refusalsOf(folder, passed))];
    // Each member is given, and only a null is refused.
    expect(refusals.filter(({ call }) => call.endsWith('_0'))).toEqual([]);
    const count = new Set(refusals.map(({ call }) => call)).size;
    console.info(`${calls.length} inputs, ${count} refused for a null`);
  });

  it('is tried for every member of every input', () => {
    const tried = JSON.stringify(FILLED);
    for (const module of new Set(FILLED.map((each) => each.module))) {
      for (const member of membersOf(module)) expect(tried, `${member} of ${module}`).toContain(`"${member}":`);
    }
  });
});

/** The value with a null in the place of each part, one at a time. */
function withANull(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  const parts = Object.entries(value);
  return parts.flatMap(([name, part]) =>
    [null, ...withANull(part)].map((each) => {
      const changed = parts.map(([other, own]) => [other, other === name ? each : own]);
      return Array.isArray(value) ? changed.map(([, own]) => own) : Object.fromEntries(changed);
    }),
  );
}

/** JSON is HCL, but for templates. */
const hcl = (value: unknown) => JSON.stringify(value).replaceAll('${', '$${').replaceAll('%{', '%%{');

/** The members of a module's objects, as its types name them. */
function membersOf(module: string): string[] {
  const folder = path.join('modules', module);
  const files = readdirSync(folder).filter((file) => file.endsWith('.tf'));
  const text = files.map((file) => readFileSync(path.join(folder, file), 'utf8')).join('\n');
  const types = [...text.matchAll(/^ {2}type = \w*\(?object\(\{$([\s\S]*?)^ {2}\}\)/gm)].map(([, type = '']) => type);
  return types.flatMap((type) => [...type.matchAll(/(\w+) += /g)].map(([, member = '']) => member));
}
