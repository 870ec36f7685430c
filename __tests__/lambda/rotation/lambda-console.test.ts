import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it, onTestFinished } from 'vitest';
import { archiveOf } from '../../../testing/archive-of.ts';
import { decodings } from '../../../testing/decodings.ts';
import { handlerProcess } from '../../local/lambda/handler-process.ts';
import { optionalPackage } from '../../optional-package.ts';
import { secretsManagerOf } from './secrets-manager-of.ts';

const official = optionalPackage('aws-lambda-ric');
const missing = official === undefined ? ' (skipped: aws-lambda-ric is not installed; .ci/run installs it)' : '';
const local = (file: string) => fileURLToPath(new URL(`../../local/lambda/${file}`, import.meta.url));
const PASSWORD = 'the password of today';

/** What goes past standard output there. */
const ways = [
  'console.log',
  'console.error',
  'console.trace',
  'a console.log that was kept',
  'console.log deep in an object, for JSON',
  'console.log in an error',
  'console.log in a Basic header',
  'a log after the step',
  'console.dir',
];

describe.skipIf(official === undefined)(`Lambda's own console, which writes to a file of its own${missing}`, () => {
  it.each(['JSON', 'Text'])('contains no value, and its lines keep their length: %s', async (format) => {
    const versionId = randomUUID();
    const server = await secretsManagerOf(() => PASSWORD, versionId);
    onTestFinished(() => server.close());
    const { 'index.js': code = new Uint8Array() } = unzipSync(
      archiveOf('__tests__/lambda/rotation/strategies/leaking.ts'),
    );
    const files = {
      // Kept before the protocol is loaded, as a logger that is imported first keeps it.
      'index.js': `
        const { log } = console;
        const { readFileSync } = require('node:fs');
        process.env.AWS_ENDPOINT_URL = '${server.url}';
        const { handler } = require('./leaking.js');
        exports.handler = async (event, context) => {
          if (event.read) return readFileSync(__dirname + '/telemetry', 'latin1');
          await handler(event, context);
          log('kept first, ${PASSWORD}, and the line goes on');
          await new Promise((resolve) => setTimeout(resolve, 40));
        };`,
      'leaking.js': strFromU8(code),
      'telemetry.cjs': `
        process.env._LAMBDA_TELEMETRY_LOG_FD = String(require('node:fs').openSync(__dirname + '/telemetry', 'w'));
        process.env.AWS_LAMBDA_LOG_FORMAT = '${format}';`,
    };
    const runtime = ['--require', './telemetry.cjs', '--require', local('native-client.cjs'), official ?? ''];
    const { invoke, lines } = handlerProcess(files, { runtime });
    for (const way of ways) {
      const event = { Step: 'createSecret', SecretId: way, ClientRequestToken: versionId };
      expect(await invoke(event)).toEqual({ payload: null });
    }
    const { payload } = (await invoke({ read: true })) as { payload: string };
    const said = framesOf(Buffer.from(payload, 'latin1'));
    expect(said.length).toBeGreaterThan(ways.length);
    expect(said).toContainEqual(expect.stringContaining('[scrubbed]'));
    expect(said).toContainEqual(expect.stringMatching(/kept first, \*{21}, and the line goes on/));
    for (const read of decodings([...said, ...lines].join('\n'))) expect(read).not.toContain(PASSWORD);
  });
});

/** The lines of Lambda's telemetry, each after sixteen bytes with its length. */
function framesOf(bytes: Buffer): string[] {
  const frames: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    expect(bytes.readUInt16BE(at)).toBe(0xa55a);
    const end = at + 16 + bytes.readUInt32BE(at + 4);
    frames.push(bytes.toString('utf8', at + 16, end));
    at = end;
  }
  return frames;
}
