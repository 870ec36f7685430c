import { ownName, renamed } from '../choice.ts';
import type { InitTarget } from './init-target.ts';

export const mysql: InitTarget = {
  title: 'a login of MySQL or MariaDB',
  page: 'mysql.md',
  declaration: ({ declare, file, framework, id, name, slug }) => `import { readFileSync } from 'node:fs';
import type { Construct } from 'constructs';
import { RotatedSecret, Rotation, Schedule } from '${framework.constructs}';

/** Which server, the environment says. */
export function ${declare}(scope: Construct, environment: NodeJS.ProcessEnv = process.env): void {
  const {
    ${renamed({ file }, 'MYSQL_HOST')} = 'db.example.com',
    ${renamed({ file }, 'MYSQL_TCP_PORT')} = '3306',
    ${renamed({ file }, 'MYSQL_SSL_CA')},
    // The secret with the username and the password of an administrator.
    ${renamed({ file }, 'ADMIN_SECRET_ARN')} = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:administrator-AbCdEf',
  } = environment;
  const server = { host: MYSQL_HOST, port: Number(MYSQL_TCP_PORT) };
  new RotatedSecret(scope, '${id}', {
    name: '${name}',
    initial: { engine: 'mysql', ...server, username: '${userOf(slug)}' },
    rotation: Rotation.mysql({
      strategy: 'dual-password',
      users: '${userOf(slug)}',
      admin: { secretArn: ADMIN_SECRET_ARN, ...server },
      ...(MYSQL_SSL_CA && { tls: { ca: readFileSync(MYSQL_SSL_CA, 'utf8') } }),
    }),
    schedule: Schedule.rate({ days: 30 }),
  });
}
`,
  localSetup: ({ file, name, slug }) => `import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createConnection } from 'mysql2/promise';
import type { LocalSetup } from 'rotaform/local';
import { throwAwayMariadb } from 'rotaform/testing/mariadb';

/** A throw-away MariaDB with the user that rotates. The local AWS gets its administrator's login. */
export const setup: LocalSetup = async ({ account, endpoint }) => {
  const { host, port, username, password, ca, stop } = await throwAwayMariadb();
  const administrator = await createConnection({ host, port, user: username, password, ssl: { ca } });
  await administrator.query(\`CREATE USER ${userOf(slug)} IDENTIFIED BY '\${randomBytes(24).toString('hex')}'\`);
  await administrator.end();

  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new SecretsManagerClient({ endpoint, region: account.region, credentials });
  const SecretString = JSON.stringify({ username, password });
  const { ARN = '' } = await client.send(new CreateSecretCommand({ Name: '${name}-administrator', SecretString }));
  client.destroy();

  const folder = mkdtempSync(join(tmpdir(), 'mariadb-'));
  const root = join(folder, 'root.pem');
  writeFileSync(root, ca);
  return {
    environment: {
      ${ownName({ file }, 'MYSQL_HOST')}: host,
      ${ownName({ file }, 'MYSQL_TCP_PORT')}: String(port),
      ${ownName({ file }, 'MYSQL_SSL_CA')}: root,
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
  source   = "${modules}/mysql"
  name     = "${name}"
  strategy = "dual-password"
  # The user must exist at the server.
  users = ["${userOf(label)}"]
  initial = {
    engine   = "mysql"
    host     = "db.example.com"
    port     = 3306
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
  packages: ['mysql2'],
};

/** A name for a user of MySQL, which needs no quotes in a statement. */
function userOf(slug: string): string {
  return `app_${slug.replaceAll('-', '_')}`.slice(0, 32);
}
