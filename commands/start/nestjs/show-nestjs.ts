import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type ThrowAwayPostgres, throwAwayPostgres } from '../../../harness/throw-away-postgres.ts';
import { createRole } from '../../../local/iam/roles.ts';
import { createSecret } from '../../../local/secrets-manager/create-secret.ts';
import { rotateSecret } from '../../../local/secrets-manager/rotate-secret.ts';
import { exampleTasks, rotated } from '../example-tasks.ts';
import { type Frame, runShow } from '../run-show.ts';
import { ordersService } from './orders-service.ts';
import { type Requests, requestAgain } from './request-again.ts';

const SECRET = 'orders/database';
/** Of the service: `main.ts` lets it read the secret, and nothing else. */
const ROLE = 'orders-service';
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});
const ROTATIONS = 3;
const PAUSE_MS = 1_000;
const USERS = 4;

interface Stage {
  server?: ThrowAwayPostgres;
  requests?: Requests;
  /** Calls of Secrets Manager by the service. */
  reads: number;
  /** Logins that the database refused, by its own log. */
  refused: number;
  health?: string;
}

/**
 * Rotates the secret of `examples/nestjs` on a real PostgreSQL while users call the service, and shows what both went through.
 * @returns the exit code
 */
export function show(): Promise<number> {
  return runShow<Stage>({
    command: 'npm start -- nestjs',
    stage: { reads: 0, refused: 0 },
    tasks: [
      {
        title: 'Start a throw-away PostgreSQL',
        task: async (stage, task) => {
          stage.server = await throwAwayPostgres();
          await createUser(stage.server);
          createRole({ RoleName: ROLE, AssumeRolePolicyDocument: TRUST }, stage.aws.account);
          task.title = `Started a throw-away PostgreSQL, 127.0.0.1:${stage.server.port}, with one user`;
        },
      },
      ...exampleTasks<Stage>({
        main: 'examples/nestjs/main.ts',
        environment: databaseOf,
        variables: (stage) => ({ admin_secret_arn: administratorSecret(stage) }),
      }),
      {
        title: 'Rotate while users call a NestJS service',
        task: (stage, task) => rotateUnderLoad(stage, task),
      },
    ],
    conclude: ({ requests = { answered: 0, failed: 0 }, reads, refused, health }) => ({
      text: `  In ${ROTATIONS} rotations, ${USERS} users of a NestJS service got ${requests.answered} answers: ${requests.failed} failed.
  The service called Secrets Manager ${reads} times. The database refused ${refused} logins, which the service tried again.
  Its health: ${health}

  The service is examples/nestjs: its secret is declared in main.ts, cached, and used for the database. No endpoint shows it.
`,
      exitCode: requests.failed === 0 && requests.answered > 0 ? 0 : 1,
    }),
    end: async ({ server }) => server?.stop(),
  });
}

async function createUser({ host, port, ca, username: user, password }: ThrowAwayPostgres): Promise<void> {
  const client = new pg.Client({ host, port, user, password, database: 'postgres', ssl: { ca } });
  await client.connect();
  await client.query('CREATE ROLE rotaform_orders LOGIN');
  await client.end();
}

/** Which database, as `examples/nestjs` reads it from its environment. */
function databaseOf({ folder, server }: Frame & Stage): Record<string, string> {
  const root = path.join(folder, 'root.pem');
  writeFileSync(root, server?.ca ?? '');
  return { PGHOST: '127.0.0.1', PGPORT: String(server?.port), PGDATABASE: 'postgres', PGSSLROOTCERT: root };
}

/** Stores the administrator's login. @returns the secret's ARN */
function administratorSecret({ aws, server }: Frame & Stage): string {
  const SecretString = JSON.stringify({ username: server?.username, password: server?.password });
  return createSecret({ Name: 'administrator', SecretString, ClientRequestToken: randomUUID() }, aws.account).ARN;
}

/** Those of the service's role, as its container would get them. */
function credentialsOf({ aws: { account } }: Frame): Record<string, string> {
  const roleArn = account.roles.find(ROLE)?.Arn ?? '';
  const caller = { arn: `arn:aws:sts::${account.id}:assumed-role/${ROLE}/service` };
  return { AWS_ACCESS_KEY_ID: account.sessions.add({ caller, roleArn, kill: async () => {} }) };
}

async function rotateUnderLoad(stage: Frame & Stage, task: { title: string }): Promise<void> {
  const { aws, server } = stage;
  const refusals = () => server?.log().match(/password authentication failed for user "rotaform_orders"/g)?.length ?? 0;
  const service = await ordersService({ ...aws.environment, ...credentialsOf(stage), ...databaseOf(stage) });
  aws.account.events.on('call', ({ action, caller }) => {
    if (action === 'GetSecretValue' && caller.arn.includes(`:assumed-role/${ROLE}/`)) stage.reads += 1;
  });
  const refusedBefore = refusals();
  const users = requestAgain(`${service.url}/orders`, USERS);
  stage.requests = users.requests;
  try {
    for (let rotation = 1; rotation <= ROTATIONS; rotation += 1) {
      task.title = `Rotate ${SECRET}, ${rotation} of ${ROTATIONS}, while users call a NestJS service`;
      await sleep(PAUSE_MS);
      rotateSecret({ SecretId: SECRET, ClientRequestToken: randomUUID() }, aws.account);
      await rotated(aws, SECRET);
    }
    await sleep(PAUSE_MS);
    stage.health = await (await fetch(`${service.url}/health`)).text();
  } finally {
    await users.stop();
    await service.stop();
    stage.refused = refusals() - refusedBefore;
  }
}
