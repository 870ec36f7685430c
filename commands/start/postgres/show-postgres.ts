import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import Table from 'cli-table3';
import { Listr } from 'listr2';
import colors from 'picocolors';
import { secretsCache } from '../../../client/index.ts';
import { stringFields } from '../../../lambda/rotation/string-fields.ts';
import { deploy } from '../../../local/deploy/deploy.ts';
import { type LocalAws, localAws } from '../../../local/local-aws.ts';
import { createSecret } from '../../../local/secrets-manager/create-secret.ts';
import { rotateSecret } from '../../../local/secrets-manager/rotate-secret.ts';
import { drawRotation } from '../../draw-rotation.ts';
import { type SynthesizedStack, synthesize } from '../../synthesize.ts';
import { recordRotations } from '../record-rotations.ts';
import { type Administrator, administrator } from './administrator.ts';
import { type Logins, logInAgain } from './log-in-again.ts';

const ROTATIONS = 3;
/** Rotations are further apart than a value is kept, as they are in real life: four hours, and five minutes. */
const PAUSE_MS = 1_500;
const MAX_AGE_SECONDS = 0.5;

const OPERATOR = { arn: 'arn:aws:iam::123456789012:root' };

/** What the show goes through, one after the other. */
interface Stage {
  readonly aws: LocalAws;
  readonly url: string | undefined;
  /** For what is synthesized. */
  readonly folder: string;
  admin?: Administrator;
  stacks: readonly SynthesizedStack[];
  readonly counts: Map<string, Logins>;
}

/**
 * Rotates the users of `examples/postgres/main.ts` on a real PostgreSQL while an application logs in as them, and shows what both
 * went through.
 * @param url of an administrator; a throw-away server where there is none
 * @returns the exit code
 */
export async function showPostgres(url: string | undefined): Promise<number> {
  const aws = await localAws({ rotation: { attempts: 1, retryDelaySeconds: 0 } });
  const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-show-'));
  const stage: Stage = { aws, url, folder, stacks: [], counts: new Map() };
  const records = recordRotations(aws.account);
  try {
    await tasks().run(stage);
    for (const record of records.values()) console.log(drawRotation(record));
    console.log(tableOf(stage.counts));
    return [...stage.counts.values()].some(({ failed }) => failed > 0) ? 1 : 0;
  } catch {
    // The progress has shown the error where it happened; what the function said, the record has.
    for (const { failure } of records.values()) if (failure) console.error(`\n${colors.red(failure.errorMessage)}`);
    console.error('\nMend what is said above, and run npm start -- postgres again.\n');
    return 1;
  } finally {
    rmSync(folder, { recursive: true });
    await aws.close();
    await stage.admin?.end();
  }
}

function tasks(): Listr<Stage> {
  return new Listr<Stage>(
    [
      {
        title: 'Start a throw-away PostgreSQL',
        task: async (stage, task) => {
          stage.admin = await administrator(stage.url);
          await stage.admin.createUsers();
          const { host, port } = stage.admin;
          task.title = `${stage.url === undefined ? 'Started a throw-away PostgreSQL' : 'Found PostgreSQL'}, ${host}:${port}, with two users`;
        },
      },
      {
        title: 'Build the functions, synthesize examples/postgres/main.ts',
        task: async (stage) => {
          stage.stacks = await synthesizeFor(stage);
        },
      },
      {
        title: 'Deploy to an AWS on this machine, which rotates at once',
        task: async ({ aws, admin, stacks }) => {
          const SecretString = JSON.stringify({ username: admin?.username, password: admin?.password });
          const secret = { Name: 'administrator', SecretString, ClientRequestToken: randomUUID() };
          const { ARN: admin_secret_arn } = createSecret(secret, aws.account, OPERATOR);
          for (const { json, folder } of stacks) {
            await deploy(json, aws.account, { folder, variables: { admin_secret_arn } });
          }
          for (const { arn } of rotating(aws)) await settled(aws, arn);
        },
      },
      {
        title: 'Rotate, while an application logs in',
        task: async ({ aws, admin, counts }, task) => {
          if (admin === undefined) return;
          const { endpoint, account, environment } = aws;
          const credentials = {
            accessKeyId: environment.AWS_ACCESS_KEY_ID ?? '',
            secretAccessKey: environment.AWS_SECRET_ACCESS_KEY ?? '',
          };
          const client = new SecretsManagerClient({ endpoint, region: account.region, credentials });
          const cache = secretsCache({ client, maxAgeSeconds: MAX_AGE_SECONDS });
          for (const { arn, name } of rotating(aws)) {
            const secret = cache.secret(name, { schema: stringFields('username', 'password') });
            const application = logInAgain(secret, admin);
            counts.set(name, application.logins);
            try {
              for (let rotation = 1; rotation <= ROTATIONS; rotation += 1) {
                task.title = `Rotate ${name}, ${rotation} of ${ROTATIONS}, while an application logs in`;
                await sleep(PAUSE_MS);
                rotateSecret({ SecretId: arn, ClientRequestToken: randomUUID() }, account, OPERATOR);
                await settled(aws, arn);
              }
              await sleep(PAUSE_MS);
            } finally {
              await application.stop();
            }
          }
          cache.close();
          client.destroy();
        },
      },
    ],
    { fallbackRenderer: 'simple' },
  );
}

/** Which database, as `examples/postgres/main.ts` takes it from its environment. */
function synthesizeFor({ folder, admin }: Stage): Promise<SynthesizedStack[]> {
  const root = path.join(folder, 'root.pem');
  if (admin?.ca !== undefined) writeFileSync(root, admin.ca);
  return synthesize({
    main: 'examples/postgres/main.ts',
    output: path.join(folder, 'cdktf.out'),
    environment: {
      PGHOST: admin?.host ?? '',
      PGPORT: String(admin?.port),
      PGDATABASE: admin?.dbname ?? '',
      PGSSLMODE: admin?.ssl ? 'verify-full' : 'disable',
      PGSSLROOTCERT: admin?.ca === undefined ? '' : root,
    },
  });
}

const rotating = ({ account }: LocalAws) => account.secrets.all().filter(({ rotation }) => rotation !== undefined);

/** @throws Error where the rotation failed */
async function settled(aws: LocalAws, secretArn: string): Promise<void> {
  const outcome = await aws.rotationSettled(secretArn);
  if (outcome !== 'succeeded') throw new Error(`The rotation of ${secretArn} has ${outcome}.`);
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

  A single user knows one password: a login with the old one is refused, and rotaform/client tries again with the next.
  Alternating users have two, so nothing is refused. docs/postgres.md tells which to choose, and how to move to it.
`;
}
