import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { optionalPackage } from '../../optional-package.ts';
import { type HandlerOptions, handlerProcess } from './handler-process.ts';

const official = optionalPackage('aws-lambda-ric');
const OFFICIAL = ['--require', fileURLToPath(new URL('native-client.cjs', import.meta.url)), official ?? ''];

/** Compares our runtime client with Lambda's own, for the same files and events. Only paths in the texts may differ. */
async function answers(files: Record<string, string>, events: unknown[], options: HandlerOptions = {}) {
  const answered = [];
  for (const runtime of [undefined, OFFICIAL]) {
    const { invoke } = handlerProcess(files, { ...options, ...(runtime && { runtime }) });
    const results = [];
    for (const [index, event] of events.entries()) results.push(await invoke(event, `request-${index}`));
    answered.push(JSON.parse(JSON.stringify(results), (_key, value) => withoutPlace(value)));
  }
  const [ours, official] = answered;
  return { ours, official };
}

function withoutPlace(value: unknown): unknown {
  return typeof value === 'string' ? value.replace(/\nRequire stack:[\s\S]*/, '').replace(/'\/.*\//, "'") : value;
}

const missing = official === undefined ? ' (skipped: aws-lambda-ric is not installed; .ci/run installs it)' : '';

describe.skipIf(official === undefined)(`our runtime client answers as aws-lambda-ric does${missing}`, () => {
  it('if handlers return promises, values and nothing, in one warm process', async () => {
    const code = `let n = 0; exports.handler = (event) => {
      n += 1;
      return { promise: Promise.resolve({ event, n }), value: ['é', 1.5, null], nothing: undefined }[event];
    };`;
    const { ours, official } = await answers({ 'index.js': code }, ['promise', 'value', 'nothing', 'promise']);
    expect(official.at(-1)).toEqual({ payload: { event: 'promise', n: 4 } });
    expect(ours).toEqual(official);
  });

  it('if handlers fail, and continue afterwards', async () => {
    const code = `class PasswordRefused extends Error { name = 'PasswordRefused'; }
      exports.handler = async (event) => {
        if (event === 'own') throw new PasswordRefused('by policy');
        if (event === 'plain') throw 'a string';
        return 'well';
      };`;
    const { ours, official } = await answers({ 'index.js': code }, ['own', 'plain', 'else']);
    expect(official).toEqual([
      { failure: { errorType: 'PasswordRefused', errorMessage: 'by policy' } },
      { failure: { errorType: 'string', errorMessage: 'a string' } },
      { payload: 'well' },
    ]);
    expect(ours).toEqual(official);
  });

  it.each([
    ['waits for nothing', '', 'Runtime exited without providing a reason'],
    [
      'throws outside the handler',
      "setTimeout(() => { throw new Error('late'); });",
      'Runtime exited with error: exit status 1',
    ],
  ])('if the process %s', async (_cause, code, reason) => {
    const files = { 'index.js': `exports.handler = () => { ${code} return new Promise(() => {}); };` };
    const { ours, official } = await answers(files, [{}]);
    expect(official).toEqual([
      { failure: { errorType: 'Runtime.ExitError', errorMessage: `RequestId: request-0 Error: ${reason}` } },
    ]);
    expect(ours).toEqual(official);
  });

  it('if the handler reads its context', async () => {
    const code = `exports.handler = async (event, context) => ({
      remains: context.getRemainingTimeInMillis() > 4000 && context.getRemainingTimeInMillis() <= 5000,
      stream: context.logStreamName === process.env.AWS_LAMBDA_LOG_STREAM_NAME,
      rest: [context.functionName, context.functionVersion, context.invokedFunctionArn, context.memoryLimitInMB,
        context.awsRequestId, context.logGroupName] });`;
    const { ours, official } = await answers({ 'index.js': code }, [{}]);
    expect(official).toMatchObject([{ payload: { remains: true, stream: true } }]);
    expect(ours).toEqual(official);
  });

  it.each([
    ['a package is missing', { 'index.js': "require('nowhere')" }, 'index.handler', 'Runtime.ImportModuleError'],
    ['the file is missing', { 'other.js': '' }, 'index.handler', 'Runtime.ImportModuleError'],
    [
      'the code cannot be parsed',
      { 'index.js': 'exports.handler = (' },
      'index.handler',
      'Runtime.UserCodeSyntaxError',
    ],
    ['nothing is exported', { 'index.js': '' }, 'index.handler', 'Runtime.HandlerNotFound'],
    ['the export is not a function', { 'index.js': 'exports.handler = 1' }, 'index.handler', 'Runtime.HandlerNotFound'],
    ["the handler's name has no dot", { 'index.js': '' }, 'index', 'Runtime.MalformedHandlerName'],
    ['the module throws', { 'index.js': 'throw new RangeError("of its own")' }, 'index.handler', 'RangeError'],
  ])('if %s', async (_cause, files, handler, errorType) => {
    const { ours, official } = await answers(files as Record<string, string>, [{}], { handler });
    expect(official).toMatchObject([{ failure: { errorType } }]);
    expect(ours).toEqual(official);
  });
});
