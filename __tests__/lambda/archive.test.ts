import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleFunction } from '../../constructs/code/bundle-function.ts';
import { bundleTarget } from '../../constructs/code/bundle-target.ts';
import { targetNames } from '../../rules/targets.ts';
import { nodeVersions } from '../node-versions.ts';
import { runCommand } from '../run-command.ts';
import { deployStrategy } from './rotation/deploy-strategy.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-archive-'));
const modules = path.join(folder, 'modules');
const entry = 'lambda/password.ts';
const secretString = '{"password":"the-first-one"}';

/** What the archive leaves to Lambda's own SDK. */
const LEFT_OUT = [
  ...['sso', 'ini', 'process', 'web-identity', 'http', 'login'].map((name) => `@aws-sdk/credential-provider-${name}`),
  '@smithy/credential-provider-imds',
];

/** Invokes the handler for each of the steps, in one process. */
const PROGRAM = `
const { handler } = require('./index.js');
(async () => {
  const [SecretId, ClientRequestToken, ...steps] = process.argv.slice(1);
  for (const Step of steps) {
    await handler({ Step, SecretId, ClientRequestToken }, { getRemainingTimeInMillis: () => 10_000 });
  }
})().catch(() => {});
`;

const built = (name: string) => path.join(folder, 'all', name, 'index.js');

beforeAll(() => {
  bundleFunction(entry, folder);
  for (const name of targetNames) bundleTarget(name, path.dirname(built(name)));
  for (const name of LEFT_OUT) {
    mkdirSync(path.join(modules, name), { recursive: true });
    writeFileSync(path.join(modules, name, 'index.js'), `throw new Error('reached ${name}')`);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the archive, with nothing of this machine's environment, and resolves to its structured lines. */
async function run(node: string, args: readonly string[], environment: Readonly<Record<string, string>>) {
  const options = { cwd: folder, env: { ...environment } };
  const { stdout } = await promisify(execFile)(node, ['-e', PROGRAM, '--', ...args], options);
  return stdout
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
}

const steps = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];
const done = steps.map((step) => expect.objectContaining({ step, outcome: 'done' }));

describe('The archive', () => {
  it('needs nothing that it leaves out if the environment holds credentials, as in Lambda', async () => {
    const { aws, secretArn, pendingVersion, labels } = await deployStrategy({ entry, secretString });
    const versionId = await pendingVersion();
    const environment = { ...aws.environment, NODE_PATH: modules };
    expect(await run(process.execPath, [secretArn, versionId, ...steps], environment)).toEqual(done);
    expect(await labels()).toMatchObject({ [versionId]: ['AWSCURRENT', 'AWSPENDING'] });
  });

  it('finds in the runtime what it leaves out if the environment holds no credentials', async () => {
    const args = ['my-app/login', 'a'.repeat(32), 'createSecret'];
    const environment = { AWS_REGION: 'us-east-1', NODE_PATH: modules };
    expect(await run(process.execPath, args, environment)).toMatchObject([
      { outcome: 'failed', errorMessage: expect.stringMatching(/^reached @aws-sdk\/credential-provider-\w+$/) },
    ]);
  });

  it('names what the runtime lacks if the environment holds no credentials', async () => {
    const args = ['my-app/login', 'a'.repeat(32), 'createSecret'];
    expect(await run(process.execPath, args, { AWS_REGION: 'us-east-1' })).toMatchObject([
      { outcome: 'failed', errorMessage: expect.stringMatching(/^Cannot find module '@aws-sdk\/credential-provider-/) },
    ]);
  });

  describe.each(nodeVersions)('on Node.js $major', ({ binary, isHere }) => {
    const missing = isHere ? '' : ' (not downloaded: npm run bench does it)';

    it.runIf(isHere)(`rotates${missing}`, async () => {
      const { aws, secretArn, pendingVersion, value, labels } = await deployStrategy({ entry, secretString });
      const versionId = await pendingVersion();
      expect(await run(binary, [secretArn, versionId, ...steps], aws.environment)).toEqual(done);
      expect(await labels()).toMatchObject({ [versionId]: ['AWSCURRENT', 'AWSPENDING'] });
      expect(await value()).not.toBe(secretString);
    });

    it.runIf(isHere).each(targetNames)(`loads %s${missing}`, async (each) => {
      const { stdout, stderr } = await runCommand(binary, [
        '-p',
        `typeof require(${JSON.stringify(built(each))}).handler`,
      ]);
      expect([stdout, stderr]).toEqual(['function\n', '']);
    });
  });
});
