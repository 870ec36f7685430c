import { TerraformVariable } from 'cdktf';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  EphemeralVariable,
  fromEnvironment,
  fromSecret,
  type GoogleAccessTokenOptions,
  RotatedSecret,
  Rotation,
  Schedule,
  StaticSecret,
  workloadIdentity,
} from '../../constructs/index.ts';
import { refusal } from './refusal.ts';
import { blockOf } from './stack-json.ts';
import { synthesize } from './synthesize.ts';

const audience = '//iam.googleapis.com/projects/123/locations/global/workloadIdentityPools/aws/providers/lambda';
const options: GoogleAccessTokenOptions = {
  credentials: workloadIdentity({ audience }),
  serviceAccount: 'calendar@my-project.iam.gserviceaccount.com',
  scopes: ['https://www.googleapis.com/auth/calendar.readonly', 'https://www.googleapis.com/auth/drive.readonly'],
};
const hourly = { refreshEveryMinutes: 30, schedule: Schedule.rate({ hours: 4 }) };

const rotated = (changed: Partial<GoogleAccessTokenOptions>, renewal: { schedule: Schedule } = hourly) =>
  synthesize((stack) => {
    const rotation = Rotation.googleAccessToken({ ...options, ...changed });
    new RotatedSecret(stack, 'google', { name: 'app/google', rotation, ...renewal });
  });
const variables = (stack: ReturnType<typeof rotated>) =>
  Object(blockOf(stack, 'aws_lambda_function').environment).variables;
const statements = (stack: ReturnType<typeof rotated>) =>
  Object(blockOf(stack, 'aws_iam_policy_document', 'function_permissions').statement);

describe('Rotation.googleAccessToken', () => {
  beforeEach(() => {
    vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('tells the function which token to get', () => {
    expect(variables(rotated({ field: 'TOKEN' }))).toEqual({
      GOOGLE_SERVICE_ACCOUNT: options.serviceAccount,
      GOOGLE_SCOPES: options.scopes.join(' '),
      GOOGLE_TOKEN_LIFETIME_SECONDS: '3600',
      GOOGLE_TOKEN_FIELD: 'TOKEN',
      WORKLOAD_IDENTITY_AUDIENCE: audience,
      REFRESH_EVERY_MINUTES: '30',
    });
  });

  it('needs no permission for the role that Google trusts', () => {
    expect(statements(rotated({})).map(({ sid }: { sid: string }) => sid)).toEqual(['RotateTheSecret', 'WriteTheLog']);
  });

  it('does not take the rotated secret itself as the secret with the key', () => {
    const secretArn = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:app/google-AbCdEf';
    const rotation = Rotation.googleAccessToken({ ...options, credentials: fromSecret(secretArn) });
    const error = refusal(() =>
      synthesize((stack) => RotatedSecret.existing(stack, 'google', { secretArn, rotation, ...hourly })),
    );
    expect(error).toMatchObject({ code: 'OPTIONS', message: expect.stringMatching(/other secret .* is the same one/) });
  });

  it('may read the secret with the key, and use the KMS key that encrypts it for that', () => {
    const kmsKeyArn = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
    const stack = synthesize((scope) => {
      const key = new StaticSecret(scope, 'key', { name: 'app/google-key', kmsKeyArn });
      const credentials = fromSecret(key.secretArn, { kmsKeyArn });
      const rotation = Rotation.googleAccessToken({ ...options, credentials });
      new RotatedSecret(scope, 'google', { name: 'app/google', rotation, ...hourly });
    });
    const arn = expect.stringMatching(/^\$\{aws_secretsmanager_secret\.key_\w+\.arn\}$/);
    expect(variables(stack)).toMatchObject({ CREDENTIALS_SECRET_ARN: arn });
    expect(statements(stack).slice(2)).toEqual([
      { sid: 'ReadTheCredentials', actions: ['secretsmanager:GetSecretValue'], resources: [arn] },
      {
        sid: 'UseTheKeyOfTheCredentials',
        actions: ['kms:Decrypt'],
        resources: [kmsKeyArn],
        condition: [
          { test: 'StringLike', variable: 'kms:ViaService', values: ['secretsmanager.*.amazonaws.com'] },
          { test: 'StringEquals', variable: 'kms:EncryptionContext:SecretARN', values: [arn] },
        ],
      },
    ]);
  });

  it('accepts a key from a variable, and warns about who can read it', () => {
    const stack = synthesize((scope) => {
      const key = new TerraformVariable(scope, 'google_key', { type: 'string', sensitive: true });
      const rotation = Rotation.googleAccessToken({ ...options, credentials: fromEnvironment(key) });
      new RotatedSecret(scope, 'google', { name: 'app/google', rotation, ...hourly });
    });
    expect(variables(stack)).toMatchObject({ GOOGLE_KEY_BASE64: `\${var.google_key}` });
    expect(process.emitWarning).toHaveBeenCalledWith(
      expect.stringMatching(/lambda:GetFunctionConfiguration or read the Terraform state/),
      'RotaformWarning',
    );
  });

  it('refuses a key that a plan would print, and one that Terraform forgets', () => {
    const declare = (variable: (scope: Parameters<Parameters<typeof synthesize>[0]>[0]) => TerraformVariable) =>
      refusal(() => synthesize((scope) => void fromEnvironment(variable(scope)))).message;
    expect(declare((scope) => new TerraformVariable(scope, 'key', { type: 'string' }))).toMatch(/is not sensitive/);
    expect(declare((scope) => new EphemeralVariable(scope, 'key', 'The key'))).toMatch(/is ephemeral/);
  });

  it.each<[Partial<GoogleAccessTokenOptions>, RegExp]>([
    [{ credentials: 'key.json' as never }, /credentials are missing or unknown. Expected workloadIdentity/],
    [{ serviceAccount: 'calendar' }, /serviceAccount is "calendar": expected its e-mail address/],
    [{ scopes: [] }, /scopes is empty or not a list/],
    [{ scopes: ['calendar'] }, /scopes has "calendar": expected Google's full form/],
    [{ lifetimeSeconds: 43_201 }, /lifetimeSeconds is 43201: expected 600 to 43200/],
    [{ lifetimeSeconds: 900.5 }, /lifetimeSeconds is 900.5/],
    [{ subject: 'ada' }, /subject is "ada"/],
    [{ subject: 'ada@example.com', lifetimeSeconds: 7_200 }, /lifetimeSeconds is 7200 with a subject: .* live an hour/],
    [{ field: 'a b' }, /field is "a b"/],
    [{ endpointUrl: 'http://google.example.com' }, /expected https:\/\/HOST, or http:\/\/127\.0\.0\.1:PORT/],
    [{ endpointUrl: 'https://google.example.com/path' }, /without a path/],
  ])('refuses %j', (changed, message) => {
    expect(refusal(() => rotated(changed))).toMatchObject({
      code: 'OPTIONS',
      message: expect.stringMatching(message),
    });
  });

  it('refuses a provider or a secret without its full name', () => {
    expect(refusal(() => workloadIdentity({ audience: 'my-provider' })).message).toMatch(/the provider's whole name/);
    expect(refusal(() => fromSecret('my-app/google-key')).message).toMatch(/Expected a secret's whole ARN/);
  });

  it('accepts an account that only Terraform knows', () => {
    const stack = synthesize((scope) => {
      const account = new TerraformVariable(scope, 'account', { type: 'string' });
      const rotation = Rotation.googleAccessToken({ ...options, serviceAccount: account.stringValue });
      new RotatedSecret(scope, 'google', { name: 'app/google', rotation, ...hourly });
    });
    expect(variables(stack)).toMatchObject({ GOOGLE_SERVICE_ACCOUNT: `\${var.account}` });
  });

  it.each([
    [3_600, hourly],
    [3_600, { ...hourly, refreshEveryMinutes: 40 }],
    [43_200, { schedule: Schedule.rate({ hours: 8 }) }],
  ])('keeps a token of %d s alive with %j', (lifetimeSeconds, renewal) => {
    expect(() => rotated({ lifetimeSeconds }, renewal)).not.toThrow();
  });

  it.each([
    [3_600, { schedule: Schedule.rate({ hours: 4 }) }, /Use refreshEveryMinutes: 40, or less/],
    [3_600, { ...hourly, refreshEveryMinutes: 41 }, /interval 41 min/],
    [43_200, { schedule: Schedule.rate({ days: 1 }) }, /Use rate\(10 hours\), or more often/],
  ])('refuses to let a token of %d s expire with %j', (lifetimeSeconds, renewal, message) => {
    expect(refusal(() => rotated({ lifetimeSeconds }, renewal))).toMatchObject({
      code: 'SCHEDULE',
      message: expect.stringMatching(message),
    });
  });
});
