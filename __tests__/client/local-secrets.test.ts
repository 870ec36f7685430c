import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { secretsCache } from '../../client/index.ts';
import { type LocalSecretsOptions, localSecrets } from '../../client/local-secrets.ts';
import { login, movingClock } from './reading-account.ts';

type Variables = Readonly<Record<string, string | undefined>>;

const error = (code: string, message: RegExp) =>
  expect.objectContaining({ name: 'SecretReadError', code, message: expect.stringMatching(message) });
const db = { username: 'app', password: 'for development' };
const values = JSON.stringify({
  'my-app/db': db,
  key: 'plain text',
  list: [1],
  'größe/日本': 'ü',
  number: 1,
  nothing: null,
});

/** Sets these variables until the test ends, and no others that count. */
function environment(variables: Variables): void {
  const others = ['NODE_ENV', 'AWS_LAMBDA_FUNCTION_NAME', 'AWS_EXECUTION_ENV'];
  for (const name of [...others, 'ROTAFORM_LOCAL_SECRETS', 'ROTAFORM_LOCAL_SECRETS_FILE'])
    vi.stubEnv(name, variables[name]);
}

function cacheOf(variables: Variables = {}, options: LocalSecretsOptions = {}) {
  environment({ NODE_ENV: 'development', ROTAFORM_LOCAL_SECRETS: values, ...variables });
  const cache = secretsCache({ client: localSecrets(options) });
  onTestFinished(() => cache.close());
  return cache;
}

describe('localSecrets', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'local-secrets-'));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  it('answers from an environment variable: objects, arrays, text, names in any script', async () => {
    const cache = cacheOf();
    const secrets = ['my-app/db', 'key', 'list', 'größe/日本'].map((name) => cache.secret(name));
    await cache.prefetch(secrets);
    expect(secrets.map((secret) => secret.peek())).toEqual([db, 'plain text', [1], 'ü']);
    expect(await cache.secret('my-app/db', { schema: login }).get()).toEqual(db);
  });

  it.each(['my-app/db-a1B2c3', 'my-app/db'])(
    'finds a secret by its ARN, with its six characters or without: %s',
    async (name) => {
      const arn = `arn:aws:secretsmanager:eu-central-1:123456789012:secret:${name}`;
      expect(await cacheOf().secret(arn).get()).toEqual(db);
    },
  );

  it('answers from a file, whose changes are new versions', async () => {
    const move = movingClock();
    const file = path.join(folder, 'secrets.json');
    writeFileSync(file, `\uFEFF${values}`);
    const cache = cacheOf({ ROTAFORM_LOCAL_SECRETS: undefined, ROTAFORM_LOCAL_SECRETS_FILE: file });
    const secret = cache.secret('my-app/db', { schema: login });
    const heard: unknown[] = [];
    secret.onRotation((value) => heard.push(value));
    expect(await secret.get()).toEqual(db);
    move(2);
    await secret.refresh();
    const changed = { ...db, password: 'another' };
    writeFileSync(file, JSON.stringify({ 'my-app/db': changed }));
    move(2);
    expect(await secret.refresh()).toEqual(changed);
    expect(heard).toEqual([changed]);
    expect(secret.status().versionId).toBe('local-2');
  });

  it('gives a refused login no other version to try, and its own error', async () => {
    const secret = cacheOf().secret('my-app/db', { schema: login });
    const tried: unknown[] = [];
    const attempt = secret.withRetry(
      async (value) => {
        tried.push(value);
        throw new RangeError('refused');
      },
      { refused: () => true, timeoutSeconds: 0.1 },
    );
    await expect(attempt).rejects.toThrow(new RangeError('refused'));
    expect(tried).toEqual([db]);
  });

  it('is undefined if neither variable is set, so that the cache reads from AWS', () => {
    for (const NODE_ENV of ['development', 'production', undefined]) {
      environment({ NODE_ENV });
      expect(localSecrets()).toBeUndefined();
      expect(secretsCache({ client: localSecrets() })).toBeDefined();
    }
  });

  it.each<[string, Variables, RegExp]>([
    [
      'in production',
      { NODE_ENV: 'production' },
      /^ROTAFORM_LOCAL_SECRETS is set, but NODE_ENV is production; expected/,
    ],
    ['without NODE_ENV', { NODE_ENV: undefined }, /NODE_ENV is not set; expected NODE_ENV to be development or test/],
    ['with an empty NODE_ENV', { NODE_ENV: '' }, /NODE_ENV is not set; expected/],
    [
      'in an environment of another name',
      { NODE_ENV: 'Development' },
      /NODE_ENV is Development; .* Remove the variable, or/,
    ],
    ['in Lambda', { AWS_LAMBDA_FUNCTION_NAME: 'f' }, /this process runs on AWS; expected .* outside of AWS/],
    ['in ECS', { AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE' }, /this process runs on AWS/],
  ])('is refused %s, if the application does not name it', (_, variables, message) => {
    expect(() => cacheOf(variables)).toThrow(error('CONFIGURATION', message));
  });

  it('is allowed in an environment that the application names, with a warning', async () => {
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    onTestFinished(() => warned.mockRestore());
    const cache = cacheOf({ NODE_ENV: 'e2e', AWS_EXECUTION_ENV: 'AWS_ECS_EC2' }, { environments: ['e2e'] });
    expect(await cache.secret('my-app/db').get()).toEqual(db);
    expect(warned).toHaveBeenCalledExactlyOnceWith(
      'Secrets come from ROTAFORM_LOCAL_SECRETS, and not from AWS: NODE_ENV is e2e, which localSecrets names.',
      'RotaformWarning',
    );
    expect(() => cacheOf({ NODE_ENV: 'production' }, { environments: ['e2e'] })).toThrow(
      error('CONFIGURATION', /NODE_ENV is production; expected NODE_ENV to be e2e\./),
    );
  });

  it('refuses an option that is not as expected, also where no variable is set', () => {
    environment({ NODE_ENV: 'production' });
    const given: readonly (readonly [object, RegExp])[] = [
      [{ environments: 'production' }, /option environments is a string; expected an array of names/],
      [{ environments: [undefined] }, /option environments is an array; expected an array of names/],
      [{ environment: ['production'] }, /option environment is unknown; expected environments/],
    ];
    for (const [options, message] of given)
      expect(() => localSecrets(options as LocalSecretsOptions)).toThrow(error('CONFIGURATION', message));
  });

  it('warns of nothing in development, also if the application names it', () => {
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    onTestFinished(() => warned.mockRestore());
    cacheOf({}, { environments: ['development', 'e2e'] });
    expect(warned).not.toHaveBeenCalled();
  });

  it('says which file it is, by its whole path', () => {
    const file = path.relative('.', path.join(folder, 'absent.json'));
    expect(() => cacheOf({ ROTAFORM_LOCAL_SECRETS: undefined, ROTAFORM_LOCAL_SECRETS_FILE: file })).toThrow(
      error('CONFIGURATION', new RegExp(`\\(${path.join(folder, 'absent.json')}\\)`)),
    );
  });

  it.each(['null', '"hunter2"', '7'])('refuses what is not an object, and does not show it: %s', (text) => {
    expect(() => cacheOf({ ROTAFORM_LOCAL_SECRETS: text })).toThrow(
      error('CONFIGURATION', /^ROTAFORM_LOCAL_SECRETS holds (null|a string|a number|text); expected an object/),
    );
  });

  it.each<[string, Variables, RegExp]>([
    ['no JSON', { ROTAFORM_LOCAL_SECRETS: '{ hunter2' }, /^ROTAFORM_LOCAL_SECRETS is not JSON; expected an object/],
    [
      'no object',
      { ROTAFORM_LOCAL_SECRETS: '["hunter2"]' },
      /^ROTAFORM_LOCAL_SECRETS holds an array; expected an object/,
    ],
    [
      'two sources',
      { ROTAFORM_LOCAL_SECRETS_FILE: 'hunter2.json' },
      /_SECRETS and ROTAFORM_LOCAL_SECRETS_FILE are set; expected one/,
    ],
    [
      'no file',
      { ROTAFORM_LOCAL_SECRETS: undefined, ROTAFORM_LOCAL_SECRETS_FILE: '/absent.json' },
      /^The file of ROTAFORM_LOCAL_SECRETS_FILE \(\/absent\.json\) cannot be read: ENOENT\.$/,
    ],
  ])('says what is wrong at once: %s', (_, variables, message) => {
    expect(() => cacheOf(variables)).toThrow(error('CONFIGURATION', message));
  });

  it.each([
    ['absent', 'NOT_FOUND', /^ROTAFORM_LOCAL_SECRETS has no "absent"\. Add it/],
    ['toString', 'NOT_FOUND', /has no "toString"/],
    ['nothing', 'SECRET_VALUE', /^"nothing" in ROTAFORM_LOCAL_SECRETS is null; expected an object/],
    [
      'number',
      'SECRET_VALUE',
      /^"number" in ROTAFORM_LOCAL_SECRETS is a number; expected an object, an array or a text/,
    ],
  ])('says what is wrong with a secret: %s', async (name, code, message) => {
    await expect(cacheOf().secret(name).get()).rejects.toEqual(error(code, message));
  });
});
