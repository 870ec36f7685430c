import { once } from 'node:events';
import { strToU8, zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addPermission } from '../../../local/lambda/add-permission.ts';
import { type CreateFunctionInput, createFunction } from '../../../local/lambda/create-function.ts';
import { invokeFunction } from '../../../local/lambda/invoke-function.ts';
import { mayInvoke } from '../../../local/lambda/may-invoke.ts';
import { updateFunctionConfiguration } from '../../../local/lambda/update-function-configuration.ts';
import { type LocalAws, localAws } from '../../../local/local-aws.ts';
import { functionRole } from '../secrets-manager/running-account.ts';

let aws: LocalAws;

beforeEach(async () => {
  aws = await localAws();
});

afterEach(() => aws.close());

const zipped = (files: Record<string, string>) =>
  zipSync(Object.fromEntries(Object.entries(files).map(([name, content]) => [name, strToU8(content)])));

async function create(changes: Partial<CreateFunctionInput> = {}) {
  const input = {
    FunctionName: 'turn',
    Role: functionRole(aws.account, 'turner'),
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    ZipFile: zipped({ 'index.js': 'exports.handler = async () => process.pid;' }),
  };
  return createFunction({ ...input, ...changes }, aws.account);
}

describe('a created function', () => {
  it("has Lambda's default limits if none are set", async () => {
    expect(await create()).toMatchObject({
      FunctionArn: `arn:aws:lambda:us-east-1:${aws.account.id}:function:turn`,
      Timeout: 3,
      MemorySize: 128,
      LoggingConfig: { LogFormat: 'Text', LogGroup: '/aws/lambda/turn' },
    });
  });

  it('has at most 4 KB of environment, names included', async () => {
    const environment = (bytes: number) => ({
      Environment: { Variables: { LONG: 'é'.repeat(2) + 'x'.repeat(bytes - 15) } },
    });
    await expect(create(environment(4_097))).rejects.toMatchObject({
      code: 'InvalidParameterValueException',
      message: expect.stringContaining('exceeded the 4KB limit. String measured: 4097 bytes'),
    });
    await create(environment(4_096));
    const FunctionName = 'turn';
    expect(() => updateFunctionConfiguration({ FunctionName, ...environment(5_000) }, aws.account)).toThrow(
      '4KB limit',
    );
  });

  it('runs by its name and by its ARN, and finds the folders in its archive', async () => {
    const code = { 'src/turn.js': "exports.handler = async () => require('../data.json');", 'data.json': '{"a":1}' };
    const { FunctionArn } = await create({ Handler: 'src/turn.handler', ZipFile: zipped(code) });
    expect(await invokeFunction(aws.account, { functionArn: 'turn', payload: {} })).toEqual({ payload: { a: 1 } });
    expect(await invokeFunction(aws.account, { functionArn: FunctionArn, payload: {} })).toEqual({ payload: { a: 1 } });
  });

  it('handles two events at a time in two processes, and the next one in a warm process', async () => {
    const { FunctionArn } = await create();
    const invoke = () => invokeFunction(aws.account, { functionArn: FunctionArn, payload: {} });
    const [first, second] = await Promise.all([invoke(), invoke()]);
    expect(first).not.toEqual(second);
    expect([first, second]).toContainEqual(await invoke());
  });

  it('gets a new process after a crash', async () => {
    const code = 'exports.handler = async (event) => event === "crash" ? process.exit(1) : "well";';
    await create({ ZipFile: zipped({ 'index.js': code }) });
    const crashed = await invokeFunction(aws.account, { functionArn: 'turn', payload: 'crash' });
    expect(crashed).toMatchObject({ failure: { errorType: 'Runtime.ExitError' } });
    expect(await invokeFunction(aws.account, { functionArn: 'turn', payload: 'go on' })).toEqual({ payload: 'well' });
  });

  it('reports each line of its output to the account, with its name', async () => {
    await create({ ZipFile: zipped({ 'index.js': 'exports.handler = async () => console.log("turned");' }) });
    const heard = once(aws.account.events, 'functionLog');
    await invokeFunction(aws.account, { functionArn: 'turn', payload: {} });
    expect(await heard).toEqual([{ functionName: 'turn', line: 'turned' }]);
  });

  it('signs with its own key, which tells its role and name', async () => {
    const code = 'exports.handler = async () => process.env.AWS_ACCESS_KEY_ID;';
    for (const FunctionName of ['turn', 'other']) await create({ FunctionName, ZipFile: zipped({ 'index.js': code }) });
    const keyOf = async (functionArn: string) => {
      const result = await invokeFunction(aws.account, { functionArn, payload: {} });
      return 'payload' in result ? String(result.payload) : 'none';
    };
    const session = `arn:aws:sts::${aws.account.id}:assumed-role/turner`;
    const callerOf = (accessKeyId: string) => aws.account.sessions.find(accessKeyId)?.caller;
    expect(callerOf(await keyOf('turn'))).toEqual({ arn: `${session}/turn` });
    expect(callerOf(await keyOf('other'))).toEqual({ arn: `${session}/other` });
    expect(callerOf('AKIAIOSFODNN7EXAMPLE')).toBeUndefined();
  });
});

describe('a function is refused if', () => {
  it.each([
    [
      'its archive is not a zip file',
      { ZipFile: strToU8('no zip') },
      'InvalidParameterValueException',
      'Could not unzip',
    ],
    [
      'an entry leads out of its folder',
      { ZipFile: zipped({ '../../escape.js': '' }) },
      'InvalidParameterValueException',
      '"../../escape.js" leads out',
    ],
    [
      'an entry is absolute',
      { ZipFile: zipped({ '/etc/escape.js': '' }) },
      'InvalidParameterValueException',
      '"/etc/escape.js" leads out',
    ],
    [
      'its runtime is not Node.js',
      { Runtime: 'python3.14' },
      'InvalidParameterValueException',
      'python3.14 cannot run here',
    ],
    ['its timeout is too long', { Timeout: 901 }, 'InvalidParameterValueException', 'from 1 to 900'],
    [
      "a variable is Lambda's own",
      { Environment: { Variables: { AWS_REGION: 'x' } } },
      'InvalidParameterValueException',
      'Reserved keys used in this request: AWS_REGION',
    ],
  ])('%s', async (_where, changes, code, message) => {
    await expect(create(changes)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it('its name is taken', async () => {
    await create();
    await expect(create()).rejects.toMatchObject({ code: 'ResourceConflictException' });
  });

  it('it is invoked and does not exist', async () => {
    await expect(invokeFunction(aws.account, { functionArn: 'none', payload: {} })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      message: `Function not found: arn:aws:lambda:us-east-1:${aws.account.id}:function:none`,
    });
  });
});

describe('Secrets Manager may invoke a function', () => {
  const principal = 'secretsmanager.amazonaws.com';
  const secretArn = (name: string) => `arn:aws:secretsmanager:us-east-1:${aws.account.id}:secret:${name}`;
  const asks = (changes: object = {}) =>
    mayInvoke(aws.account, {
      functionArn: 'turn',
      principal,
      sourceArn: secretArn('app/db-AbCdEf'),
      sourceAccount: aws.account.id,
      ...changes,
    });
  const permit = (changes: object = {}) =>
    addPermission(
      { FunctionName: 'turn', StatementId: 'one', Action: 'lambda:InvokeFunction', Principal: principal, ...changes },
      aws.account,
    );

  it.each([
    [
      'if the statement names the secret',
      () => ({ SourceArn: secretArn('app/db-AbCdEf'), SourceAccount: aws.account.id }),
      true,
    ],
    ['if the statement names a prefix', () => ({ SourceArn: secretArn('app/*') }), true],
    ['if a question mark stands for one character', () => ({ SourceArn: secretArn('app/db-AbCdE?') }), true],
    ['if the statement names no source', () => ({}), true],
    ['but not if it names another secret', () => ({ SourceArn: secretArn('app/other-AbCdEf') }), false],
    ['but not if it names another prefix', () => ({ SourceArn: secretArn('app-2/*') }), false],
    ['but not if a star would have to cross a colon', () => ({ SourceArn: 'arn:aws:secretsmanager:*' }), false],
    ['but not if it names another account', () => ({ SourceAccount: '210987654321' }), false],
    ['but not if it names another principal', () => ({ Principal: 's3.amazonaws.com' }), false],
    ['but not if it names another action', () => ({ Action: 'lambda:GetFunction' }), false],
  ])('%s', async (_title, statement, allowed) => {
    await create();
    permit(statement());
    expect(asks()).toBe(allowed);
  });

  it('but not without a statement, and not if the function does not exist', async () => {
    expect(asks()).toBe(false);
    await create();
    expect(asks()).toBe(false);
  });

  it('with only one statement per id', async () => {
    await create();
    permit();
    expect(permit).toThrow(expect.objectContaining({ code: 'ResourceConflictException' }));
  });
});
