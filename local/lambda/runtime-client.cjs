'use strict';

/**
 * Runs a handler inside a function's process: a small version of Lambda's runtime client for Node.js. It uses the Runtime
 * API and needs only Node.js. Handlers return a promise or a value. Callbacks are refused, as Lambda does on Node.js 24.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */

const { existsSync } = require('node:fs');
const http = require('node:http');
const { resolve } = require('node:path');
const { text } = require('node:stream/consumers');
const { pathToFileURL } = require('node:url');

/** @typedef {(event: unknown, context: object) => unknown} Handler */

const { env } = process;
const agent = new http.Agent({ keepAlive: true });

/**
 * @param {'GET' | 'POST'} method
 * @param {string} path
 * @param {unknown} [body]
 * @returns {Promise<{ headers: http.IncomingHttpHeaders, body: string }>}
 */
function call(method, path, body) {
  return new Promise((answered) => {
    const request = http.request(`http://${env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/${path}`, { method, agent });
    request.on('response', async (response) => answered({ headers: response.headers, body: await text(response) }));
    // The process that started this one is gone.
    request.on('error', () => process.exit(1));
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/**
 * @param {string} name
 * @param {string} message
 */
function runtimeError(name, message) {
  return Object.assign(new Error(message), { name: `Runtime.${name}` });
}

/** @param {unknown} error */
function describe(error) {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: error.stack?.split('\n') ?? [] };
}

/**
 * @param {'Init Error' | 'Invoke Error'} title
 * @param {string} path where it is posted
 * @param {unknown} error
 */
async function fail(title, path, error) {
  const described = describe(error);
  console.error(`${title}\t${JSON.stringify(described)}`);
  await call('POST', path, described);
}

/**
 * @param {unknown} exported
 * @param {string} path such as `handler`, or `nested.handler`
 * @returns {unknown}
 */
function find(exported, path) {
  return path.split('.').reduce((found, key) => Object(found)[key], exported);
}

/** @param {string} location the handler's module, without its extension */
async function load(location) {
  const file = ['.js', '.mjs', '.cjs'].map((extension) => location + extension).find(existsSync);
  if (!file) throw runtimeError('ImportModuleError', `Error: Cannot find module '${location}'`);
  try {
    return await import(pathToFileURL(file).href);
  } catch (error) {
    const code = Object(error).code;
    if (error instanceof SyntaxError) throw runtimeError('UserCodeSyntaxError', String(error));
    if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND')
      throw runtimeError('ImportModuleError', String(error));
    throw error;
  }
}

/**
 * @param {string} name such as `index.handler`
 * @returns {Promise<Handler>}
 */
async function loadHandler(name) {
  const [, module, path] = /^((?:.*\/)?[^./]+)\.(.+)$/.exec(name) ?? [];
  if (!module || !path) throw runtimeError('MalformedHandlerName', 'Bad handler');
  const exported = await load(resolve(String(env.LAMBDA_TASK_ROOT), module));
  const handler = find(exported, path) ?? find(exported.default, path);
  if (!handler) throw runtimeError('HandlerNotFound', `${name} is undefined or not exported`);
  if (typeof handler !== 'function') throw runtimeError('HandlerNotFound', `${name} is not a function`);
  if (handler.length >= 3) {
    throw runtimeError('CallbackHandlerDeprecated', `${name} takes a callback; return a value or a promise instead.`);
  }
  return /** @type {Handler} */ (handler);
}

/** @param {http.IncomingHttpHeaders} headers */
function contextOf(headers) {
  const deadlineMs = Number(headers['lambda-runtime-deadline-ms']);
  return {
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    getRemainingTimeInMillis: () => deadlineMs - Date.now(),
  };
}

async function main() {
  const handler = await loadHandler(String(env._HANDLER)).catch(async (error) => {
    await fail('Init Error', 'init/error', error);
    process.exit(1);
  });
  for (;;) {
    const { headers, body } = await call('GET', 'invocation/next');
    const context = contextOf(headers);
    const path = `invocation/${context.awsRequestId}`;
    try {
      await call('POST', `${path}/response`, (await handler(JSON.parse(body), context)) ?? null);
    } catch (error) {
      await fail('Invoke Error', `${path}/error`, error);
    }
  }
}

main();
