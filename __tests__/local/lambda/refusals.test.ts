import { randomUUID } from 'node:crypto';
import { CreateRoleCommand, GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  DeleteFunctionConcurrencyCommand,
  GetFunctionCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
  type Runtime,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { invokeFunction } from '../../../local/lambda/invoke-function.ts';
import { type LocalAws, localAws } from '../../../local/local-aws.ts';
import { startInProcess } from '../../../testing/in-process-function.ts';
import { rootKeys } from '../sdk-clients.ts';
import { functionRole, TRUST } from '../secrets-manager/running-account.ts';

const ZipFile = zipSync({ 'index.js': strToU8('exports.handler = async () => "ran";') });

let aws: LocalAws;
let lambda: LambdaClient;
let iam: IAMClient;

beforeAll(async () => {
  aws = await localAws({ startFunction: startInProcess });
  const config = { endpoint: aws.endpoint, region: 'us-east-1', credentials: rootKeys(), maxAttempts: 1 };
  lambda = new LambdaClient(config);
  iam = new IAMClient(config);
});

afterAll(async () => {
  lambda.destroy();
  iam.destroy();
  await aws.close();
});

/** Creates a function with a name of its own. */
function create(changes: Partial<CreateFunctionCommandInput> = {}) {
  return lambda.send(
    new CreateFunctionCommand({
      FunctionName: `f-${randomUUID()}`,
      Role: functionRole(aws.account, 'runner'),
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Code: { ZipFile },
      ...changes,
    }),
  );
}

describe('CreateFunction refuses, and says what is missing,', () => {
  it.each(['python3.13', 'java21', 'provided.al2023', 'dotnet8', 'nodejs'])('the runtime %s', async (Runtime) => {
    await expect(create({ Runtime: Runtime as Runtime })).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: `The runtime ${Runtime} cannot run here: the local Lambda runs functions on this machine's Node.js, and has no other language. Give the function a nodejs runtime, such as nodejs24.x, or deploy it to AWS.`,
    });
  });

  it('an image, which has neither a handler nor a runtime', async () => {
    const FunctionName = `image-${randomUUID()}`;
    const Code = { ImageUri: '123456789012.dkr.ecr.us-east-1.amazonaws.com/rotate:latest' };
    const image = { FunctionName, PackageType: 'Image', Runtime: undefined, Handler: undefined, Code } as const;
    await expect(create(image)).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: expect.stringMatching(/^The package type Image cannot run here: the local Lambda has no containers/),
    });
    await expect(lambda.send(new GetFunctionCommand({ FunctionName }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('a runtime that a function changes to', async () => {
    const { FunctionName } = await create();
    const changed = lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Runtime: 'ruby3.4' }));
    await expect(changed).rejects.toMatchObject({ message: expect.stringContaining('ruby3.4 cannot run here') });
  });
});

describe('the environment of a function', () => {
  /** `{"LONG":"…"}` of that many bytes. */
  const bytes = (count: number) => ({ Variables: { LONG: 's3cret'.padEnd(count - 11, 'x') } });
  const tooLong = (count: number) => ({
    name: 'InvalidParameterValueException',
    message: expect.stringContaining(`exceeded the 4KB limit. String measured: ${count} bytes`),
  });

  it('has 4 KB at most when it is created and when it is changed, and a refusal does not show it', async () => {
    const refused = await create({ Environment: bytes(4_097) }).catch((error: Error) => error);
    expect(refused).toMatchObject(tooLong(4_097));
    expect(String(refused)).not.toContain('s3cret');
    const { FunctionName } = await create({ Environment: bytes(4_096) });
    const change = (count: number) =>
      lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: bytes(count) }));
    await expect(change(5_000)).rejects.toMatchObject(tooLong(5_000));
    await change(4_096);
  });
});

describe('a reserved concurrency of 0', () => {
  it('throttles every invocation, until it is removed', async () => {
    const { FunctionName = '' } = await create();
    const reserve = (ReservedConcurrentExecutions: number) =>
      lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions }));
    const invoke = () => invokeFunction(aws.account, { functionArn: FunctionName, payload: {} });
    expect(await reserve(0)).toMatchObject({ ReservedConcurrentExecutions: 0 });
    expect((await lambda.send(new GetFunctionCommand({ FunctionName }))).Concurrency).toEqual({
      ReservedConcurrentExecutions: 0,
    });
    await expect(invoke()).rejects.toMatchObject({ code: 'TooManyRequestsException', message: 'Rate Exceeded.' });
    await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
    expect(await invoke()).toEqual({ payload: 'ran' });
    await reserve(1);
    expect(await invoke()).toEqual({ payload: 'ran' });
  });

  it('may not be less', async () => {
    const { FunctionName } = await create();
    await expect(
      lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: -1 })),
    ).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
  });
});

describe('CreateRole', () => {
  const createRole = (Path: string | undefined, RoleName = `r-${randomUUID()}`) =>
    iam.send(new CreateRoleCommand({ RoleName, Path, AssumeRolePolicyDocument: TRUST }));

  it.each([
    ['/', ''],
    ['/service-role/', 'service-role/'],
    ['/team/rotation/', 'team/rotation/'],
    [undefined, ''],
  ])('takes the path %s, which is in the ARN and not in the name', async (Path, inArn) => {
    const { Role } = await createRole(Path);
    expect(Role).toMatchObject({ Path: Path ?? '/', Arn: `arn:aws:iam::123456789012:role/${inArn}${Role?.RoleName}` });
    expect((await iam.send(new GetRoleCommand({ RoleName: Role?.RoleName }))).Role?.Arn).toBe(Role?.Arn);
  });

  it('makes a role that a function runs with, by its ARN with the path', async () => {
    const { Role } = await createRole('/service-role/');
    const { FunctionName = '' } = await create({ Role: Role?.Arn });
    expect(await invokeFunction(aws.account, { functionArn: FunctionName, payload: {} })).toEqual({ payload: 'ran' });
    const withoutPath = Role?.Arn?.replace('service-role/', '');
    await expect(create({ Role: withoutPath })).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
  });

  it('has a name only once, whatever its path', async () => {
    await createRole('/one/', 'only-once');
    await expect(createRole('/two/', 'only-once')).rejects.toMatchObject({ name: 'EntityAlreadyExistsException' });
  });

  it.each(['no-slash', '/no-end', 'no-start/', '//bad path/'])('refuses the path %s', async (Path) => {
    await expect(createRole(Path)).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringContaining("Value at 'path' failed to satisfy constraint: Member must satisfy regular"),
    });
  });
});
