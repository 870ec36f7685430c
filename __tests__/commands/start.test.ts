import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { wordsOfSvg } from '../../packaging/terminal-svg.ts';
import { runCommand, tsx } from '../run-command.ts';

/** Lines without what differs from run to run: times, how long the bars are, ids, ports. */
const lasting = (lines: readonly string[]) =>
  lines
    .map((line) =>
      line
        .replaceAll(/[\d.]+ (m?s)\b/g, 'N $1')
        .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:N')
        .replaceAll(/(…| )[\da-f]{8} /g, '$1ID ')
        .replaceAll(/ *[━─]+ */g, ' ')
        .replaceAll(/ +/g, ' ')
        .trim(),
    )
    .filter((line) => line !== '');

describe('npm start', () => {
  it('deploys main.ts, rotates, shows the labels before, during and after, and suggests what to do next', async () => {
    const { exitCode, stdout } = await runCommand('npm', ['start']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/my-app\/custom-password rotated in [\d.]+ s, with 6 calls to Secrets Manager/);
    expect(stdout).toMatch(/createSecret +━.* 4 calls .*, after a cold start$/m);
    expect(stdout.match(/cold start/g)).toHaveLength(1);
    expect(stdout).toMatch(/setSecret +━.* 0 calls/);
    expect(stdout).toMatch(/testSecret +━.* 0 calls/);
    expect(stdout).toMatch(/finishSecret +━.* 2 calls/);
    const rows = stdout.split('\n').filter((line) => line.includes('│'));
    expect(rows[1]).toMatch(/│ …\w{8} │ \w{8} │ AWSCURRENT +│ AWSCURRENT +│ AWSPREVIOUS +│/);
    expect(rows[2]).toMatch(/│ +│ +│ TERRAFORM_INITIAL │ TERRAFORM_INITIAL │ TERRAFORM_INITIAL │/);
    expect(rows[3]).toMatch(/│ …\w{8} │ \w{8} │ – +│ AWSPENDING +│ AWSCURRENT +│/);
    expect(stdout).toContain('docs/deploy.md');
    expect(stdout).toMatch(/^ {4}secret +my-app\/custom-password$/m);
    expect(stdout).toMatch(/^ {4}Lambda function +rotate-my-app-custom-password$/m);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'The function rotate-my-app-custom-password ' +
        'may describe, read, change and move the labels of the secret my-app/custom-password ' +
        'may write to the log /aws/lambda/rotate-my-app-custom-password ',
    );
    expect(stdout).toMatch(/About \$0\.40 a month \(prices of us-east-1, June 2026, without free tiers\)/);
    expect(stdout).toContain('1 secret at $0.40, rotations less than $0.01');
    const drawn = lasting(wordsOfSvg(readFileSync('docs/images/npm-start.svg', 'utf8')).slice(1));
    const shown = lasting(stdout.split('\n').slice(stdout.split('\n').findIndex((line) => line.startsWith('❯'))));
    expect(shown.slice(0, drawn.length), 'The picture in README.md is stale. Run npm run picture.').toEqual(drawn);
  });

  it('writes no colors and no cursor movements if the output is not a terminal', async () => {
    const { stdout } = await runCommand('npm', ['start', '--silent']);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what must not be there
    expect(stdout).not.toMatch(/\u001b/);
    expect(stdout).not.toMatch(/"password"|user1/);
  });

  describe('with another main.ts', () => {
    const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
    let project: string;

    beforeEach(() => {
      mkdirSync(dist, { recursive: true });
      project = mkdtempSync(path.join(dist, 'start-test-'));
      writeFileSync(
        path.join(project, 'cdktf.json'),
        JSON.stringify({ language: 'typescript', app: 'npx --no-install tsx main.ts' }),
      );
    });
    afterEach(() => {
      vi.unstubAllEnvs();
      rmSync(project, { recursive: true, force: true });
    });

    const start = (secret: string, more: Readonly<Record<string, string>> = {}) => {
      for (const [file, text] of Object.entries(more)) writeFileSync(path.join(project, file), text);
      writeFileSync(
        path.join(project, 'main.ts'),
        `import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider/index.js';
        import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
        import { App, TerraformStack } from 'cdktf';
        import { RotatedSecret, Rotation, Schedule } from 'rotaform';
        const app = new App();
        const stack = new TerraformStack(app, 'mine');
        new AwsProvider(stack, 'aws', { region: 'us-east-1' });
        new ArchiveProvider(stack, 'archive');
        ${secret}
        app.synth();`,
      );
      return runCommand(process.execPath, [...tsx('commands/rotaform.ts'), 'start'], project);
    };

    it('deploys two regions and two accounts: examples/two-accounts', async () => {
      const root = fileURLToPath(new URL('../../', import.meta.url));
      copyFileSync(path.join(root, 'examples/two-accounts/main.ts'), path.join(project, 'main.ts'));
      const { exitCode, stdout } = await runCommand(
        process.execPath,
        [...tsx('commands/rotaform.ts'), 'start'],
        project,
      );
      expect(exitCode, stdout).toBe(0);
      for (const name of ['payments/database', 'payments/api', 'reports/api'])
        expect(stdout).toMatch(new RegExp(`^${name} rotated in [\\d.]+ s, with 6 calls to Secrets Manager$`, 'm'));
      expect(stdout).toMatch(/^ {4}KMS key policy +2$/m);
      expect(stdout).not.toContain('Left out');
    });

    it('says what is wrong in main.ts, and where, without a Node.js stack trace', async () => {
      const { exitCode, stdout, stderr } = await start(
        `new RotatedSecret(stack, 'a', { name: 'a', rotation: Rotation.password(), schedule: Schedule.rate({ hours: 1 }) });`,
      );
      expect(exitCode).toBe(1);
      const output = stdout + stderr;
      expect(output).toMatch(/main\.ts was not synthesized:\nConstructError.*rate\(1 hour\).*4 hours/);
      expect(output).toMatch(/at .*main\.ts:\d+/);
      expect(output.match(/ConstructError/g)).toHaveLength(1);
      expect(output).toMatch(/Fix the problem above, and run npm start again\./);
      expect(output).not.toMatch(/node:internal|node_modules/);
    });

    it('says what is wrong if main.ts does not compile', async () => {
      const { exitCode, stdout, stderr } = await start('const = 1;');
      expect(exitCode).toBe(1);
      expect(stdout + stderr).toMatch(/main\.ts was not synthesized:[\s\S]*main\.ts:\d+/);
    });

    it('shows which step of a strategy failed, its error, and that the old value is still current', async () => {
      const { exitCode, stdout } = await start(
        `new RotatedSecret(stack, 'a', { name: 'a', initial: { key: 'x' }, schedule: Schedule.rate({ days: 1 }),
          rotation: Rotation.custom({ entry: 'strategy.ts' }) });`,
        {
          'strategy.ts': `import { RotationError, rotationHandler, stringFields } from 'rotaform/lambda';
          export const handler = rotationHandler(() => ({
            current: stringFields('key'), pending: stringFields('key'),
            create: async () => ({ key: 'sentinel-value' }),
            test: async ({ key }) => { throw new RotationError('AUTHENTICATION', 'The service refused ' + key + '. Expected 200.'); },
          }));`,
        },
      );
      expect(exitCode).toBe(1);
      expect(stdout).toMatch(/a did not rotate in 2 attempts/);
      expect(stdout).toMatch(/testSecret .*failed/);
      expect(stdout).toContain('The service refused [scrubbed]. Expected 200.');
      expect(stdout).toMatch(/The old value is still current/);
      expect(stdout).not.toContain('sentinel-value');
    });

    it('also rotates a secret that is declared with rotateImmediately: false', async () => {
      vi.stubEnv('TF_VAR_first', 'the first password');
      const { exitCode, stdout } = await start(
        `import { EphemeralVariable } from 'rotaform';
        new RotatedSecret(stack, 'a', { name: 'a', schedule: Schedule.rate({ days: 1 }), rotateImmediately: false,
          initial: { password: new EphemeralVariable(stack, 'first', 'The first password').stringValue },
          rotation: Rotation.password() });`,
      );
      expect(stdout).toContain('a rotated in');
      expect(exitCode).toBe(0);
    });

    it('names all variables that have no value before the first resource, if nobody can be asked', async () => {
      const { exitCode, stdout, stderr } = await start(
        `import { EphemeralVariable } from 'rotaform';
        import { TerraformVariable } from 'cdktf';
        const second = new TerraformStack(app, 'second');
        new TerraformVariable(stack, 'host', { description: 'Where the database is' });
        new TerraformVariable(stack, 'port', { default: 5432 });
        new EphemeralVariable(second, 'first', 'The first password');`,
      );
      expect(exitCode).toBe(1);
      expect(stdout + stderr).toMatch(/TF_VAR_host +Where the database is\s+TF_VAR_first +The first password/);
      expect(stdout + stderr).not.toContain('TF_VAR_port');
      expect(stdout).not.toContain('Deploy to an AWS');
    });

    it('checks the types of main.ts first', async () => {
      const tsconfig = {
        compilerOptions: { module: 'NodeNext', target: 'ES2022', strict: true, noEmit: true, types: [] },
      };
      const { exitCode, stdout, stderr } = await start('const days: number = "thirty"; void days;', {
        'tsconfig.json': JSON.stringify({ ...tsconfig, include: ['nothing.ts'] }),
        'package.json': '{"type":"module"}',
      });
      expect(exitCode).toBe(1);
      expect(stdout + stderr).toMatch(
        /main\.ts has type errors:[\s\S]*error TS2322: Type 'string' is not assignable to type 'number'/,
      );
      expect(stdout + stderr).not.toMatch(/was not synthesized|Deploy to an AWS/);
    });

    it('says so if no secret rotates', async () => {
      const { exitCode, stdout } = await start('');
      expect(exitCode).toBe(0);
      expect(stdout).toContain('main.ts declares no secret that rotates');
    });
  });
});
