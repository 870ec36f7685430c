import fs from 'node:fs';
import { format } from 'node:util';
import { causesOf } from './causes-of.ts';
import type { Scrubber } from './scrubber.ts';

const METHODS = ['debug', 'error', 'fatal', 'info', 'log', 'trace', 'warn'] as const;

/** How Lambda begins a log line in the file that its own console writes to: sixteen bytes, with the length of the line. */
const FRAME = { bytes: 16, start: 0xa55a };

type Chunk = string | NodeJS.ArrayBufferView;

let isClean = false;

/**
 * Scrubs whatever this process writes from now on, whoever writes it and however late: the console, in Lambda too, where it
 * goes past the streams; standard output and standard error; what a logger writes to their files; and warnings.
 */
export function scrubOutput(scrubber: Scrubber): void {
  scrubConsole(scrubber);
  for (const stream of [process.stdout, process.stderr]) scrubStream(stream, scrubber);
  scrubFiles(scrubber);
  // Both come before the error is printed. Neither changes what happens to the process.
  process.prependListener('warning', (warning) => scrubError(warning, scrubber));
  process.prependListener('uncaughtExceptionMonitor', (error) => scrubError(error, scrubber));
}

/** Writes to standard output what is scrubbed already. A short value could stand in the name of a field. */
export function writeClean(text: string): void {
  isClean = true;
  try {
    process.stdout.write(text);
  } finally {
    isClean = false;
  }
}

function scrubConsole(scrubber: Scrubber): void {
  const methods = console as unknown as Record<string, ((...said: unknown[]) => void) | undefined>;
  for (const name of METHODS) {
    const write = methods[name];
    if (write === undefined) continue;
    methods[name] = (...said) => {
      const text = format(...said);
      const clean = scrubber.clean(text);
      const isSaid = clean === text && scrubber.isClean(jsonOf(said));
      write.apply(console, isSaid ? said : [clean]);
    };
  }
}

function scrubStream(stream: NodeJS.WriteStream, scrubber: Scrubber): void {
  const write = stream._write;
  stream._write = (chunk: Chunk, encoding, done) => {
    const text = typeof chunk === 'string' ? Buffer.from(chunk, encoding).toString() : textOf(chunk);
    const clean = isClean ? text : scrubber.clean(text);
    if (clean === text) write.call(stream, chunk, encoding, done);
    else if (typeof chunk === 'string') write.call(stream, clean, 'utf8', done);
    else write.call(stream, Buffer.from(clean), encoding, done);
  };
  // Without it, the stream writes one chunk after the other.
  Object.assign(stream, { _writev: null });
}

/** Some loggers write to the file of standard output directly; Lambda's console writes to a file of its own. */
function scrubFiles(scrubber: Scrubber): void {
  const outputs = new Set([1, 2]);
  const masked = (fd: number, chunk: Chunk): Chunk => {
    if (isFrame(chunk)) outputs.add(fd);
    if (!outputs.has(fd)) return chunk;
    const text = typeof chunk === 'string' ? chunk : textOf(chunk);
    const clean = scrubber.mask(text);
    if (clean === text) return chunk;
    return typeof chunk === 'string' ? clean : Buffer.from(clean);
  };
  for (const name of ['write', 'writeSync'] as const) {
    const write = fs[name] as (fd: number, chunk: Chunk, ...options: unknown[]) => unknown;
    const scrubbed = (fd: number, chunk: Chunk, ...options: unknown[]) => write(fd, masked(fd, chunk), ...options);
    Object.assign(fs, { [name]: Object.defineProperties(scrubbed, Object.getOwnPropertyDescriptors(write)) });
  }
}

function isFrame(chunk: Chunk): boolean {
  return Buffer.isBuffer(chunk) && chunk.length === FRAME.bytes && chunk.readUInt16BE() === FRAME.start;
}

function textOf({ buffer, byteOffset, byteLength }: NodeJS.ArrayBufferView): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString();
}

function scrubError(caught: unknown, scrubber: Scrubber): void {
  for (const error of causesOf(caught)) {
    if (!(error instanceof Error)) continue;
    const texts = { ...error, message: error.message, stack: error.stack };
    for (const [name, text] of Object.entries(texts)) {
      if (typeof text === 'string') Reflect.set(error, name, scrubber.clean(text));
    }
  }
}

/** What Lambda's console shows in JSON is deeper than what `format` shows. */
function jsonOf(said: readonly unknown[]): string {
  if (said.every((each) => typeof each !== 'object')) return '';
  try {
    return JSON.stringify(said, (_key, value) =>
      value instanceof Error ? { ...value, message: value.message, stack: value.stack, cause: value.cause } : value,
    );
  } catch {
    return ''; // It cannot be shown in JSON either.
  }
}
