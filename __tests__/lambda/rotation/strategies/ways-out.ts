import { Console } from 'node:console';
import fs from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { format, inspect } from 'node:util';
import type { RotationContext } from 'rotaform/lambda';

/** What a strategy, its driver or its logger may do with a value. It may throw. */
export type WayOut = (value: string, context: RotationContext) => unknown;

const { log } = console;
const write = process.stdout.write.bind(process.stdout);
const nested = (value: string) => ({ a: { b: { c: { d: [{ value }] } } } });
const later = (work: () => void) => void setTimeout(work, 20);

class Login {
  constructor(readonly password: string) {}
}

/** Where a value gets out. */
const outlets: Readonly<Record<string, WayOut>> = {
  'console.log': (value) => console.log(value),
  'console.info': (value) => console.info('with', value),
  'console.warn': (value) => console.warn({ value }),
  'console.error': (value) => console.error(new Error(`refused ${value}`)),
  'console.debug': (value) => console.debug('%s!', value),
  'console.trace': (value) => console.trace(value),
  'console.dir': (value) => console.dir({ value }),
  'console.dir, deep': (value) => console.dir(nested(value), { depth: null }),
  'console.table': (value) => console.table([{ value }]),
  'console.group': (value) => {
    console.group(value);
    console.groupEnd();
  },
  'console.assert': (value) => console.assert(false, value),
  'console.count': (value) => console.count(value),
  'console.timeEnd': (value) => {
    console.time(value);
    console.timeEnd(value);
  },
  'a console.log that was kept': (value) => log(value),
  'a console of its own': (value) => new Console(process.stdout, process.stderr).error(value),
  'process.stdout.write': (value) => process.stdout.write(`${value}\n`),
  'process.stderr.write': (value) => process.stderr.write(`${value}\n`),
  'process.stdout.write of bytes': (value) => process.stdout.write(Buffer.from(`${value}\n`)),
  'process.stdout.write in another encoding': (value) =>
    process.stdout.write(Buffer.from(value).toString('base64'), 'base64'),
  'a process.stdout.write that was kept': (value) => write(`${value}\n`),
  'process.stdout, corked': (value) => {
    process.stdout.cork();
    process.stdout.write('a line\n');
    process.stdout.write(`${value}\n`);
    process.stdout.uncork();
  },
  'a pipeline into process.stdout': (value) =>
    pipeline(Readable.from([value]), async (chunks) => {
      for await (const chunk of chunks) process.stdout.write(chunk);
    }),
  'the file of standard output': (value) => fs.writeSync(1, `${value}\n`),
  'the file of standard error, bytes': (value) => fs.writeSync(2, Buffer.from(`${value}\n`)),
  'the file of standard output, in its own time': (value) =>
    new Promise<void>((resolve) => fs.write(1, `${value}\n`, () => resolve())),
  'a warning': (value) => process.emitWarning(`deprecated: ${value}`),
  'a warning with details': (value) => process.emitWarning('deprecated', { detail: value }),
  'an error as a warning': (value) => process.emitWarning(new Error(value)),
  'the log of the protocol': (value, context) => context.log(value),
  'its details': (value, context) => context.log('with', { value, [value]: [nested(value)] }),
  'its details, as a number': (value, context) => context.log('with', { value: Number(value) }),
  'its details, where JSON has no word for them': (value, context) => context.log('with', { value, id: 1n }),
  'a log after the step': (value) => later(() => console.log(value)),
  'an output after the step': (value) => later(() => process.stderr.write(value)),
  'an error that is thrown': (value) => Promise.reject(new Error(value)),
  'a string that is thrown': (value) => Promise.reject(value),
  'the cause of an error': (value) => Promise.reject(new Error('refused', { cause: new Error(value) })),
  'one of several errors': (value) => Promise.reject(new AggregateError([new Error(value)])),
  'an error that nobody catches': (value) =>
    later(() => {
      throw Object.assign(new Error(value), { password: value });
    }),
  'a promise that nobody catches': (value) => later(() => void Promise.reject(new Error(value))),
};

/** How it is written. */
const writings: Readonly<Record<string, (value: string) => unknown>> = {
  'in a sentence': (value) => `The password ${value} was refused.`,
  'in an object': (value) => ({ user: 'app', inner: { value } }),
  'in an error': (value) => Object.assign(new Error('refused'), { config: { headers: { value } } }),
  'deep in an object, for JSON': nested,
  'in an object of a class': (value) => new Login(value),
  'in a map': (value) => new Map([['password', value]]),
  trimmed: (value) => value.trim(),
  'line by line': (value) => value.split('\n').join('\n  '),
  'in JSON': (value) => JSON.stringify({ value }),
  'in JSON in JSON': (value) => JSON.stringify({ body: JSON.stringify({ value }) }),
  'in JSON in JSON in JSON': (value) => JSON.stringify({ body: JSON.stringify({ body: JSON.stringify({ value }) }) }),
  'in JSON for ASCII': (value) =>
    JSON.stringify(value).replaceAll(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  'as the console shows it': (value) => inspect([value]),
  'in a URL': (value) => `https://app:${encodeURIComponent(value)}@db`,
  'in a URL, in lower case': (value) => encodeURIComponent(value).replaceAll(/%../g, (code) => code.toLowerCase()),
  'in a URL in a URL': (value) => encodeURIComponent(encodeURIComponent(value)),
  'in a form': (value) => String(new URLSearchParams({ value })),
  'in HTML': (value) =>
    value.replaceAll(
      /[&<>"']/g,
      (character) => `&${{ '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot' }[character] ?? '#39'};`,
    ),
  'in SQL': (value) => `ALTER USER app PASSWORD '${value.replaceAll("'", "''")}'`,
  'in Base64': (value) => Buffer.from(value).toString('base64'),
  'in Base64 for URLs': (value) => Buffer.from(value).toString('base64url'),
  'in a Basic header': (value) => `Basic ${Buffer.from(`app:${value}`).toString('base64')}`,
  'in a Basic header of another user': (value) => `Basic ${Buffer.from(`my-app:${value}`).toString('base64')}`,
  'in JSON in Base64': (value) => Buffer.from(JSON.stringify({ value })).toString('base64url'),
  'in hexadecimal digits': (value) => Buffer.from(value).toString('hex'),
  'in upper-case digits': (value) => Buffer.from(value).toString('hex').toUpperCase(),
  'as a buffer': (value) => Buffer.from(value),
  'as bytes in JSON': (value) => JSON.stringify(Buffer.from(value)),
  'as a number': (value) => Number(value),
  'with a format': (value) => format('%j', { value }),
};

/** Every outlet with the value as it stands, and every writing on the console. */
export const waysOut: Readonly<Record<string, WayOut>> = {
  ...outlets,
  ...Object.fromEntries(
    Object.entries(writings).map(([name, written]): [string, WayOut] => [
      `console.log ${name}`,
      (value) => console.log(written(value)),
    ]),
  ),
};
