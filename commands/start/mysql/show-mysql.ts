import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import mysql from 'mysql2/promise';
import { hasMariadb, type ThrowAwayMariadb, throwAwayMariadb } from '../../../harness/throw-away-mariadb.ts';
import { createSecret } from '../../../local/secrets-manager/create-secret.ts';
import { exampleTasks } from '../example-tasks.ts';
import type { Application } from '../log-in-again.ts';
import { type Counts, conclusion, rotateUnderLoad } from '../rotate-under-load.ts';
import { type Frame, runShow } from '../run-show.ts';

/** The users of `examples/mysql/main.ts`. */
const USERS = ['rotaform_shop', 'rotaform_orders', 'rotaform_reporting'];

const WORDS = `With two passwords, the new one and the previous one log in, and so do both of two users that alternate: no login is refused. A single
user has one password: a login with the old one is refused, and rotaform-client tries again with the next one. docs/mysql.md
explains which to choose.`;

interface Stage {
  server?: ThrowAwayMariadb;
  readonly counts: Counts;
}

/**
 * Rotates the users of `examples/mysql/main.ts` on a real MariaDB while an application logs in as them, and shows what both went
 * through. Without MariaDB on this machine, it says so, and how to get it.
 * @returns the exit code
 */
export async function show(): Promise<number> {
  if (!hasMariadb) {
    console.log(
      'There is no MariaDB on this machine, so there is nothing to show. On Debian: apt-get install mariadb-server.',
    );
    return 0;
  }
  return runShow<Stage>({
    command: 'npm start -- mysql',
    stage: { counts: new Map() },
    tasks: [
      {
        title: 'Start a throw-away MariaDB',
        task: async (stage, task) => {
          const server = await throwAwayMariadb();
          stage.server = server;
          await createUsers(server);
          task.title = `Started a throw-away MariaDB, ${server.host}:${server.port}, with three users`;
        },
      },
      ...exampleTasks<Stage>({
        main: 'examples/mysql/main.ts',
        environment: serverOf,
        variables: (stage) => ({ admin_secret_arn: administratorSecret(stage) }),
      }),
      {
        title: 'Rotate while an application logs in',
        task: async ({ aws, server, counts }, task) => {
          if (server !== undefined) await rotateUnderLoad(aws, { application: applicationOf(server), counts }, task);
        },
      },
    ],
    conclude: ({ counts }) => conclusion(counts, WORDS),
    end: async ({ server }) => server?.stop(),
  });
}

async function createUsers({ host, port, username: user, password, ca }: ThrowAwayMariadb): Promise<void> {
  const connection = await mysql.createConnection({ host, port, user, password, ssl: { ca } });
  for (const each of USERS) await connection.query(`CREATE USER ${each} IDENTIFIED BY '${randomUUID()}'`);
  await connection.end();
}

/** Which server, as `examples/mysql/main.ts` reads it from its environment. */
function serverOf({ folder, server }: Frame & Stage): Record<string, string> {
  const root = path.join(folder, 'root.pem');
  writeFileSync(root, server?.ca ?? '');
  return { MYSQL_HOST: server?.host ?? '', MYSQL_TCP_PORT: String(server?.port), MYSQL_SSL_CA: root };
}

/** Stores the administrator's login. @returns the secret's ARN */
function administratorSecret({ aws, server }: Frame & Stage): string {
  const SecretString = JSON.stringify({ username: server?.username, password: server?.password });
  return createSecret({ Name: 'administrator', SecretString, ClientRequestToken: randomUUID() }, aws.account).ARN;
}

function applicationOf({ host, port, ca }: ThrowAwayMariadb): Application {
  return {
    async logIn({ username: user, password }) {
      const connection = await mysql.createConnection({ host, port, user, password, ssl: { ca } });
      await connection.query('SELECT 1');
      await connection.end();
    },
    isRefused: (error) => Object(error).errno === 1045,
  };
}
