import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { createSecret } from '../../../local/secrets-manager/create-secret.ts';
import { exampleTasks } from '../example-tasks.ts';
import type { Application } from '../log-in-again.ts';
import { type Counts, conclusion, rotateUnderLoad } from '../rotate-under-load.ts';
import { type Frame, runShow } from '../run-show.ts';
import { type Administrator, administrator } from './administrator.ts';

const WORDS = `A single user has one password: a login with the old one is refused, and rotaform-client tries again with the next one.
Alternating users have two, so no login is refused. docs/postgres.md explains which to choose, and how to change.`;

interface Stage {
  admin?: Administrator;
  readonly counts: Counts;
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
        task: async ({ aws, admin, counts }, task) => {
          if (admin !== undefined) await rotateUnderLoad(aws, { application: applicationOf(admin), counts }, task);
        },
      },
    ],
    conclude: ({ counts }) => conclusion(counts, WORDS),
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

function applicationOf({ host, port, dbname, ca }: Administrator): Application {
  const ssl = { ...(ca !== undefined && { ca }) };
  return {
    async logIn({ username: user, password }) {
      const client = new pg.Client({ host, port, database: dbname, user, password, ssl });
      await client.connect();
      await client.query('SELECT 1');
      await client.end();
    },
    isRefused: (error) => error instanceof pg.DatabaseError && error.code === '28P01',
  };
}
