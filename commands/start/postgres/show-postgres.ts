import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Table from 'cli-table3';
import colors from 'picocolors';
import type { SecretsCache } from '../../../client/index.ts';
import { stringFields } from '../../../lambda/rotation/string-fields.ts';
import { createSecret } from '../../../local/secrets-manager/create-secret.ts';
import { rotateSecret } from '../../../local/secrets-manager/rotate-secret.ts';
import { exampleTasks, rotated, rotatingSecrets } from '../example-tasks.ts';
import { type Frame, runShow } from '../run-show.ts';
import { withSecretsCache } from '../with-secrets-cache.ts';
import { type Administrator, administrator } from './administrator.ts';
import { type Logins, logInAgain } from './log-in-again.ts';

const ROTATIONS = 3;
/** As in real life, the time between two rotations is longer than the cache keeps a value: four hours, and five minutes. */
const PAUSE_MS = 1_500;
const MAX_AGE_SECONDS = 0.5;

interface Stage {
  admin?: Administrator;
  /** By the secret's name. */
  readonly counts: Map<string, Logins>;
}

/**
 * Rotates the users of `examples/postgres/main.ts` on a real PostgreSQL while an application logs in as them, and shows what
 * both went through.
 * @param url of an administrator. Without it, a throw-away server is started.
 * @returns the exit code
 */
export function show(url?: string): Promise<number> {
  return runShow<Stage>({
    command: 'npm start -- postgres',
    stage: { counts: new Map() },
    tasks: [
      {
        title: 'Start a throw-away PostgreSQL',
        task: async (stage, task) => {
          stage.admin = await administrator(url);
          await stage.admin.createUsers();
          const { host, port } = stage.admin;
          task.title = `${url === undefined ? 'Started a throw-away PostgreSQL' : 'Found PostgreSQL'}, ${host}:${port}, with two users`;
        },
      },
      ...exampleTasks<Stage>({
        main: 'examples/postgres/main.ts',
        environment: databaseOf,
        variables: (stage) => ({ admin_secret_arn: administratorSecret(stage) }),
      }),
      {
        title: 'Rotate while an application logs in',
        task: (stage, task) =>
          withSecretsCache(stage.aws, (secrets) => rotateUnderLoad(stage, secrets, task), {
            maxAgeSeconds: MAX_AGE_SECONDS,
          }),
      },
    ],
    conclude: ({ counts }) => ({
      text: tableOf(counts),
      exitCode: [...counts.values()].some(({ failed }) => failed > 0) ? 1 : 0,
    }),
    end: async ({ admin }) => admin?.end(),
  });
}

/** Which database, as `examples/postgres/main.ts` reads it from its environment. */
function databaseOf({ folder, admin }: Frame & Stage): Record<string, string> {
  const root = path.join(folder, 'root.pem');
  if (admin?.ca !== undefined) writeFileSync(root, admin.ca);
  return {
    PGHOST: admin?.host ?? '',
    PGPORT: String(admin?.port),
    PGDATABASE: admin?.dbname ?? '',
    PGSSLROOTCERT: admin?.ca === undefined ? '' : root,
  };
}

/** Stores the administrator's login. @returns the secret's ARN */
function administratorSecret({ aws, admin }: Frame & Stage): string {
  const SecretString = JSON.stringify({ username: admin?.username, password: admin?.password });
  return createSecret({ Name: 'administrator', SecretString, ClientRequestToken: randomUUID() }, aws.account).ARN;
}

async function rotateUnderLoad(
  { aws, admin, counts }: Frame & Stage,
  secrets: SecretsCache,
  task: { title: string },
): Promise<void> {
  if (admin === undefined) return;
  for (const { arn, name } of rotatingSecrets(aws)) {
    const secret = secrets.secret(name, { schema: stringFields('username', 'password') });
    const application = logInAgain(secret, admin);
    counts.set(name, application.logins);
    try {
      for (let rotation = 1; rotation <= ROTATIONS; rotation += 1) {
        task.title = `Rotate ${name}, ${rotation} of ${ROTATIONS}, while an application logs in`;
        await sleep(PAUSE_MS);
        rotateSecret({ SecretId: arn, ClientRequestToken: randomUUID() }, aws.account);
        await rotated(aws, arn);
      }
      await sleep(PAUSE_MS);
    } finally {
      await application.stop();
    }
  }
}

function tableOf(counts: ReadonlyMap<string, Logins>): string {
  const table = new Table({
    head: [`the application, in ${ROTATIONS} rotations`, 'logins', 'refused, then tried again', 'failed'],
    colAligns: ['left', 'right', 'right', 'right'],
    style: { head: colors.isColorSupported ? ['bold'] : [], border: colors.isColorSupported ? ['gray'] : [] },
  });
  for (const [name, { succeeded, refused, failed }] of counts) table.push([name, succeeded, refused, failed]);
  const text = table.toString().replaceAll(/^/gm, '  ');
  return `${text}

  A single user has one password: a login with the old one is refused, and rotaform-client tries again with the next one.
  Alternating users have two, so no login is refused. docs/postgres.md explains which to choose, and how to change.
`;
}
