import { execFile } from 'node:child_process';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleFunction } from '../../../constructs/code/bundle-function.ts';
import { decodings } from '../../../testing/decodings.ts';
import { secretsManagerOf } from './secrets-manager-of.ts';
import { waysOut } from './strategies/ways-out.ts';

const pem = generateKeyPairSync('rsa', {
  modulusLength: 1_024,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
}).privateKey;

const secrets: Readonly<Record<string, string | number>> = {
  'a password': `p%s 'a' "w\\ord+/=<&é`,
  'a private key in PEM': pem,
  'a number': 4_111_111_111_111_111,
};

/** Calls the handler as Lambda does, tells its failure, and waits for what comes late. */
const DRIVER = `
  const { handler } = require(process.env.FUNCTION);
  handler(JSON.parse(process.env.EVENT), { getRemainingTimeInMillis: () => 30_000 })
    .catch((error) => process.stdout.write(JSON.stringify({ ...error, message: error.message, stack: error.stack })))
    .then(() => setTimeout(() => process.stdout.write('The end.'), 60));
`;

describe('A value does not leave the function', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-leaking-'));
  const versionId = randomUUID();
  let server: Awaited<ReturnType<typeof secretsManagerOf>>;

  beforeAll(async () => {
    bundleFunction('__tests__/lambda/rotation/strategies/leaking.ts', folder);
    server = await secretsManagerOf((secretId) => secrets[secretId.split(' | ')[1] ?? ''], versionId);
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  function outputOf(way: string, what: string): Promise<string> {
    const env = {
      FUNCTION: path.join(folder, 'index.js'),
      EVENT: JSON.stringify({ Step: 'createSecret', SecretId: `${way} | ${what}`, ClientRequestToken: versionId }),
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL: server.url,
    };
    return new Promise((resolve) =>
      execFile(process.execPath, ['-e', DRIVER], { env }, (_error, ...outputs) => resolve(outputs.join('\n'))),
    );
  }

  it.each(Object.keys(waysOut).map((way, index) => [way, index] as const))('by %s', async (way, index) => {
    const all = Object.entries(secrets);
    const tried = process.env.ROTAFORM_EXHAUSTIVE ? all : all.slice(index % all.length).slice(0, 1);
    const tries = tried.map(async ([what, secret]) => {
      const output = await outputOf(way, what);
      expect(output, 'what the process has said').toMatch(/The end\.|Error/);
      const read = decodings(output).join('\n');
      const leaked = linesOf(String(secret)).some((line) => read.includes(line));
      expect(leaked ? output : 'nothing', `what is leaked of ${what}`).toBe('nothing');
    });
    await Promise.all(tries);
  });
});

const linesOf = (text: string) => text.split('\n').filter((line) => line.length >= 8 && !line.startsWith('-----'));
