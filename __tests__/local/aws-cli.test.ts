import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalAws, localAws } from '../../local/local-aws.ts';
import { cachedTool } from '../cached-tool.ts';
import { type Finished, runCommand } from '../run-command.ts';
import { TRUST } from './secrets-manager/running-account.ts';

const cli = cachedTool('aws-cli/bin/aws');
const python = cachedTool('aws-cli/bin/python') ?? '';
const missing = cli === undefined ? ' (skipped: no AWS CLI; .ci/run installs it where pip has it)' : '';

describe.skipIf(cli === undefined)(`the AWS CLI${missing}`, { timeout: 60_000 }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-cli-'));
  let aws: LocalAws;
  beforeAll(async () => {
    aws = await localAws();
  });
  afterAll(async () => {
    await aws.close();
    rmSync(folder, { recursive: true });
  });

  /** A command of the CLI, with nothing but the variables that `npm run local` prints. */
  const run = (...args: string[]): Promise<Finished> =>
    runCommand('env', [
      '-i',
      `PATH=${process.env.PATH}`,
      `HOME=${folder}`,
      ...Object.entries(aws.environment).map(([name, value]) => `${name}=${value}`),
      ...args,
    ]);
  const json = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await run(cli ?? '', ...args);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    return JSON.parse(stdout || '{}');
  };

  it('reads and writes secrets', async () => {
    await json('secretsmanager', 'create-secret', '--name', 's', '--secret-string', 'first');
    await json('secretsmanager', 'put-secret-value', '--secret-id', 's', '--secret-string', 'second');
    const { SecretString } = await json('secretsmanager', 'get-secret-value', '--secret-id', 's');
    expect(SecretString).toBe('second');
  });

  it('makes a role and a function, by all three protocols', async () => {
    const { Role } = await json('iam', 'create-role', '--role-name', 'r', '--assume-role-policy-document', TRUST);
    const zip = path.join(folder, 'code.zip');
    // Nearly as large as an archive may be.
    const padding = randomBytes(49_000_000);
    writeFileSync(zip, zipSync({ 'index.js': strToU8('exports.handler = async () => 1'), padding }, { level: 0 }));
    const settings = ['--runtime', 'nodejs24.x', '--handler', 'index.handler', '--role', Role.Arn];
    const { State } = await json(
      ...['lambda', 'create-function', '--function-name', 'f', ...settings, '--zip-file', `fileb://${zip}`],
    );
    expect(State).toBe('Active');
    await json('lambda', 'update-function-code', '--function-name', 'f', '--zip-file', `fileb://${zip}`);
  });

  it('says who calls, also if the call is presigned', async () => {
    expect(await json('sts', 'get-caller-identity')).toMatchObject({ Account: '123456789012' });
    const presign = `import botocore.session as s, os
client = s.get_session().create_client('sts', endpoint_url=os.environ['AWS_ENDPOINT_URL'])
print(client.generate_presigned_url('get_caller_identity', HttpMethod='GET'))`;
    const { stdout, stderr } = await run(python, '-c', presign);
    expect(stderr).toBe('');
    const answer = await fetch(stdout.trim());
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('<Account>123456789012')]);
  });
});
