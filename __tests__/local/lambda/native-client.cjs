'use strict';

/** Replaces aws-lambda-ric's compiled client, `rapid-client.node`, with the same three functions based on fetch. */

const Module = require('node:module');

const load = Reflect.get(Module, '_load');
let posted = Promise.resolve();

/**
 * @param {string} path
 * @param {string} [body]
 */
function call(path, body) {
  const url = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation/${path}`;
  return fetch(url, body === undefined ? {} : { method: 'POST', body });
}

/** @param {'response' | 'error'} action */
function post(action) {
  return (/** @type {string} */ id, /** @type {string} */ body) => {
    posted = call(`${id}/${action}`, body).then(() => {});
  };
}

const client = {
  async next() {
    await posted;
    const response = await call('next');
    return { bodyJson: await response.text(), headers: Object.fromEntries(response.headers) };
  },
  done: post('response'),
  error: post('error'),
};

Object.assign(Module, {
  _load: (/** @type {string} */ request, /** @type {unknown[]} */ ...rest) =>
    request === './rapid-client.node' ? client : load(request, ...rest),
});
