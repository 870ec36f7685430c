import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { GetSecretValueCommand, ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { runCommand, tsx } from '../run-command.ts';
import { runLocal } from './running-local.ts';

describe('npm run local', () => {
  it('prints its address as one line of JSON, serves an SDK that has only that environment, and stops on Ctrl-C', async () => {
    const server = spawn(process.execPath, [...tsx('commands/rotaform.ts'), 'local', '--port', '0', '--json'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const closed = once(server, 'close');
    try {
      const [line] = await once(createInterface(server.stdout), 'line');
      const { endpoint, environment } = JSON.parse(line);
      expect(endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
      expect(environment).toMatchObject({ AWS_ENDPOINT_URL: endpoint, AWS_REGION: 'us-east-1' });

      const client = new SecretsManagerClient({
        endpoint: environment.AWS_ENDPOINT_URL,
        region: environment.AWS_REGION,
        credentials: { accessKeyId: environment.AWS_ACCESS_KEY_ID, secretAccessKey: environment.AWS_SECRET_ACCESS_KEY },
      });
      await expect(client.send(new ListSecretsCommand())).resolves.toMatchObject({ SecretList: [] });
    } finally {
      server.kill('SIGINT');
    }
    expect(await closed).toEqual([0, null]);
  });

  it('deploys main.ts before it is ready, if asked to', async () => {
    const server = spawn(
      process.execPath,
      [...tsx('commands/rotaform.ts'), 'local', '--port', '0', '--json', '--deploy'],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const closed = once(server, 'close');
    try {
      const [line] = await once(createInterface(server.stdout), 'line');
      const { endpoint } = JSON.parse(line);
      const client = new SecretsManagerClient({
        endpoint,
        region: 'us-east-1',
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      });
      const { SecretList } = await client.send(new ListSecretsCommand());
      expect(SecretList?.map(({ Name }) => Name)).toEqual(['my-app/custom-password']);
    } finally {
      server.kill('SIGTERM');
    }
    expect(await closed).toEqual([0, null]);
  });

  it('makes the calls fail that --fault names', async () => {
    const faults = [
      '--fault',
      'ListSecrets:throttle:callers=everyone',
      '--fault',
      '*:fail-before:nth=2:callers=everyone',
    ];
    const server = spawn(
      process.execPath,
      [...tsx('commands/rotaform.ts'), 'local', '--port', '0', '--json', ...faults],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const closed = once(server, 'close');
    try {
      const [line] = await once(createInterface(server.stdout), 'line');
      const client = new SecretsManagerClient({
        endpoint: JSON.parse(line).endpoint,
        region: 'us-east-1',
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
        maxAttempts: 1,
      });
      const list = () => client.send(new ListSecretsCommand());
      await expect(list()).rejects.toMatchObject({ name: 'ThrottlingException' });
      await expect(list()).rejects.toMatchObject({ name: 'InternalServiceError' });
      await expect(list()).resolves.toMatchObject({ SecretList: [] });
    } finally {
      server.kill('SIGINT');
    }
    expect(await closed).toEqual([0, null]);
  });

  it("prints CloudTrail's records after the line that says it is ready", async () => {
    const { environment, records, recorded, stop } = await runLocal();
    try {
      await recorded(({ eventName }) => eventName === 'RotationSucceeded');
      expect(records[0]).toMatchObject({ eventName: 'RotationStarted', eventType: 'AwsServiceEvent' });

      const client = new SecretsManagerClient({
        endpoint: environment.AWS_ENDPOINT_URL ?? '',
        region: 'us-east-1',
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      });
      const { SecretString = '' } = await client.send(
        new GetSecretValueCommand({ SecretId: 'my-app/custom-password' }),
      );
      const read = await recorded(({ userIdentity }) => Object(userIdentity).type === 'Root');
      expect(read).toMatchObject({
        eventName: 'GetSecretValue',
        requestParameters: { secretId: 'my-app/custom-password' },
      });
      expect(JSON.stringify(records)).not.toContain(JSON.parse(SecretString).password);
    } finally {
      await stop();
    }
  });

  it('tells a person what to export', async () => {
    const server = spawn(process.execPath, [...tsx('commands/rotaform.ts'), 'local', '--port', '0'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const closed = once(server, 'close');
    const lines: string[] = [];
    for await (const line of createInterface(server.stdout)) {
      lines.push(line);
      if (line.startsWith('export AWS_SECRET_ACCESS_KEY=')) server.kill('SIGINT');
    }
    await closed;
    expect(lines[0]).toMatch(/The local AWS is ready on http:.* Ctrl-C stops it/);
    expect(lines).toContainEqual(expect.stringMatching(/^export AWS_ENDPOINT_URL=http:/));
  });

  it('says so if the port is in use', async () => {
    const busy = createServer().listen(0, '127.0.0.1');
    await once(busy, 'listening');
    const address = busy.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const { exitCode, stdout, stderr } = await runCommand(process.execPath, [
      ...tsx('commands/rotaform.ts'),
      'local',
      '--port',
      String(port),
    ]);
    busy.close();
    expect(exitCode).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain(`Port ${port} of 127.0.0.1 is in use by another program. Stop it, or choose another port`);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it.each([
    [['--port', 'x'], '--port is "x". Expected a number from 0 to 65535.'],
    [['--port', '70000'], '--port is "70000"'],
    [['--region', 'mars'], '--region is "mars". Expected a region such as eu-central-1.'],
    [['--bogus'], "Unknown option '--bogus'"],
    [['--fault', 'Put:throttle'], '--fault Put:throttle: A fault\'s action is "Put". Expected one of: *, '],
  ])('refuses %j', async (args, message) => {
    const { exitCode, stderr } = await runCommand(process.execPath, [...tsx('commands/rotaform.ts'), 'local', ...args]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });

  it('prints its options', async () => {
    const { exitCode, stdout } = await runCommand(process.execPath, [
      ...tsx('commands/rotaform.ts'),
      'local',
      '--help',
    ]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/--port <N>[\s\S]*--deploy[\s\S]*--json[\s\S]*--events[\s\S]*--fault/);
  });
});
