import { describe, expect, it } from 'vitest';
import { FUNCTION_ARN, handlerProcess } from './handler-process.ts';

describe('a function', () => {
  it('returns what its handler returns, as a promise or not', async () => {
    const { invoke } = handlerProcess({
      'index.js': 'exports.handler = (event) => event.later ? Promise.resolve(event) : { now: true };',
    });
    expect(await invoke({ later: true })).toEqual({ payload: { later: true } });
    expect(await invoke({})).toEqual({ payload: { now: true } });
  });

  it('returns null if its handler returns nothing', async () => {
    const { invoke } = handlerProcess({ 'index.js': 'exports.handler = async () => {};' });
    expect(await invoke({})).toEqual({ payload: null });
  });

  it('is loaded as an ES module from .mjs, and from .js next to a package.json of type module', async () => {
    const code = 'export const handler = async () => import.meta.url.slice(-9);';
    expect(await handlerProcess({ 'index.mjs': code }).invoke({})).toEqual({ payload: 'index.mjs' });
    const typed = handlerProcess({ 'index.js': code, 'package.json': '{"type":"module"}' });
    expect(await typed.invoke({})).toEqual({ payload: '/index.js' });
  });

  it('stays warm: the same process handles the next event', async () => {
    const { invoke } = handlerProcess({ 'index.js': 'let n = 0; exports.handler = async () => (n += 1);' });
    expect(await invoke({})).toEqual({ payload: 1 });
    expect(await invoke({})).toEqual({ payload: 2 });
  });

  it('sees the context that Lambda gives', async () => {
    const { invoke } = handlerProcess({
      'index.js': `exports.handler = async (event, context) => ({
        ...context, remains: context.getRemainingTimeInMillis() > 0 && context.getRemainingTimeInMillis() <= 5000 });`,
    });
    expect(await invoke({}, 'd8a1e6b4-0000-4000-8000-000000000000')).toEqual({
      payload: {
        functionName: 'turn',
        functionVersion: '$LATEST',
        memoryLimitInMB: '128',
        logGroupName: '/aws/lambda/turn',
        logStreamName: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/),
        invokedFunctionArn: FUNCTION_ARN,
        awsRequestId: 'd8a1e6b4-0000-4000-8000-000000000000',
        remains: true,
      },
    });
  });

  it("sees Lambda's environment and its own variables, and nothing from this machine", async () => {
    process.env.ROTAFORM_TEST_LEAK = 'leaked';
    const { invoke } = handlerProcess({ 'index.js': 'exports.handler = async () => Object.keys(process.env).sort();' });
    const result = await invoke({});
    delete process.env.ROTAFORM_TEST_LEAK;
    expect(result).toEqual({
      payload: [
        'AWS_ACCESS_KEY_ID',
        'AWS_DEFAULT_REGION',
        'AWS_ENDPOINT_URL',
        'AWS_EXECUTION_ENV',
        'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
        'AWS_LAMBDA_FUNCTION_NAME',
        'AWS_LAMBDA_FUNCTION_VERSION',
        'AWS_LAMBDA_LOG_FORMAT',
        'AWS_LAMBDA_LOG_GROUP_NAME',
        'AWS_LAMBDA_LOG_STREAM_NAME',
        'AWS_LAMBDA_RUNTIME_API',
        'AWS_REGION',
        // Not Lambda's: it keeps the SDK's own warning about Node.js out of each log.
        'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED',
        'AWS_SECRET_ACCESS_KEY',
        'AWS_SESSION_TOKEN',
        'COLOUR',
        'LAMBDA_TASK_ROOT',
        'TZ',
        '_HANDLER',
      ],
    });
  });

  it('passes on each line that it writes, from both outputs', async () => {
    const { invoke, lines } = handlerProcess({
      'index.js':
        'exports.handler = async () => { console.log("one\\ntwo"); console.error("three"); process.exit(0); };',
    });
    await invoke({});
    expect(lines.sort()).toEqual(['one', 'three', 'two']);
  });
});

describe('a function that fails', () => {
  it("returns its error's name and message, and keeps running", async () => {
    const { invoke } = handlerProcess({
      'index.js':
        'let n = 0; exports.handler = async () => { n += 1; if (n === 1) throw new RangeError("too far"); return n; };',
    });
    expect(await invoke({})).toEqual({ failure: { errorType: 'RangeError', errorMessage: 'too far' } });
    expect(await invoke({})).toEqual({ payload: 2 });
  });

  it('is killed at its timeout, even in an endless loop', async () => {
    const { invoke, process } = handlerProcess(
      { 'index.js': 'exports.handler = async () => { for (;;); };' },
      { timeoutSeconds: 1 },
    );
    expect(await invoke({}, 'R')).toEqual({
      failure: { errorType: 'Sandbox.Timedout', errorMessage: 'RequestId: R Error: Task timed out after 1.00 seconds' },
    });
    expect(process.isStopped).toBe(true);
  });

  it.each([
    ['process.exit(7)', 'RequestId: R Error: Runtime exited with error: exit status 7'],
    ['process.exit(0)', 'RequestId: R Error: Runtime exited without providing a reason'],
    ["setTimeout(() => { throw new Error('late'); })", 'RequestId: R Error: Runtime exited with error: exit status 1'],
    ["process.kill(process.pid, 'SIGKILL')", 'RequestId: R Error: Runtime exited with error: signal: killed'],
  ])('by ending its process with %s is told apart from one that answers', async (code, errorMessage) => {
    const { invoke } = handlerProcess({
      'index.js': `exports.handler = () => { ${code}; return new Promise(() => {}); };`,
    });
    expect(await invoke({}, 'R')).toEqual({ failure: { errorType: 'Runtime.ExitError', errorMessage } });
  });

  it.each([
    ['no file', {}, 'Runtime.ImportModuleError', /^Error: Cannot find module '.*index'/],
    [
      'a missing package',
      { 'index.js': "require('nowhere')" },
      'Runtime.ImportModuleError',
      /^Error: Cannot find module 'nowhere'/,
    ],
    ['a syntax error', { 'index.js': 'exports.handler = (' }, 'Runtime.UserCodeSyntaxError', /^SyntaxError: /],
    ['no export', { 'index.js': '' }, 'Runtime.HandlerNotFound', /^index\.handler is undefined or not exported$/],
    [
      'an export that is not a function',
      { 'index.js': 'exports.handler = 1' },
      'Runtime.HandlerNotFound',
      /^index\.handler is not a function$/,
    ],
    [
      'a callback',
      { 'index.js': 'exports.handler = (a, b, c) => c()' },
      'Runtime.CallbackHandlerDeprecated',
      /callback/,
    ],
    ['an error of its own', { 'index.js': 'throw new TypeError("no COLOR")' }, 'TypeError', /^no COLOR$/],
  ])('to start because of %s says so', async (_cause, files, errorType, errorMessage) => {
    const { invoke } = handlerProcess(files as Record<string, string>);
    expect(await invoke({})).toEqual({ failure: { errorType, errorMessage: expect.stringMatching(errorMessage) } });
  });
});
