import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import pg from 'pg';
import * as v from 'valibot';
import { secretsCache } from '../../client/index.ts';
import { rotatingClient } from '../../client/pg.ts';
import { throwAwayPostgres } from '../../harness/throw-away-postgres.ts';
import { localAws } from '../../local/local-aws.ts';
import type { Peer } from './peers.ts';

const CONNECTIONS = 240;
const WINDOW_MS = 3_000;
const PER_CONNECTION_MS = 25;

interface Login {
  readonly username: string;
  readonly password: string;
}

export interface RotationOutcome {
  readonly failed: number;
  readonly refused: number;
  /** Milliseconds until each connection was open. */
  readonly ms: readonly number[];
  /** The same of as many connections in the same time whose login never changes. */
  readonly msStatic: readonly number[];
  readonly calls: number;
}

export type Users = 'single user' | 'alternating users';
type Connect = (config: pg.ClientConfig) => Promise<{ end(): Promise<void> }>;

/**
 * Opens 240 new connections in six seconds, and between them as many whose login does not change, while the login of a
 * real PostgreSQL rotates. Three of these seconds are between setSecret and finishSecret.
 */
export async function rotatePostgres(
  users: Users,
  connecting: (client: SecretsManagerClient) => Connect,
): Promise<RotationOutcome> {
  const [server, aws] = [await throwAwayPostgres({ tls: false }), await localAws()];
  const admin = new pg.Client({ ...server, user: server.username, database: 'postgres' });
  await admin.connect();
  const secrets = new SecretsManagerClient({
    endpoint: aws.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'bench' },
  });
  try {
    const first = newLogin('app');
    const second = newLogin(users === 'single user' ? 'app' : 'app_clone');
    await admin.query(`CREATE ROLE app LOGIN PASSWORD '${first.password}'; CREATE ROLE app_clone LOGIN`);
    const fixed = newLogin('fixed');
    await admin.query(`CREATE ROLE fixed LOGIN PASSWORD '${fixed.password}'`);
    const { VersionId: from } = await secrets.send(
      new CreateSecretCommand({ Name: 'db', SecretString: JSON.stringify(first) }),
    );
    let calls = 0;
    aws.account.events.on('call', ({ action }) => {
      if (action === 'GetSecretValue') calls += 1;
    });
    const connect = connecting(secrets);
    const { host, port } = server;
    const config = { host, port, database: 'postgres' };
    await (await connect(config)).end();

    const connectFixed: Connect = connectWith(() => async () => fixed, 0)(secrets);
    const took = { rotating: [] as number[], fixed: [] as number[] };
    let failed = 0;
    const one = async (which: keyof typeof took, open: Connect) => {
      const started = performance.now();
      try {
        const client = await open(config);
        took[which].push(performance.now() - started);
        await client.end();
      } catch {
        failed += 1;
      }
    };
    const rotation = (async () => {
      await sleep((CONNECTIONS * PER_CONNECTION_MS - WINDOW_MS) / 2);
      const pending = { SecretId: 'db', SecretString: JSON.stringify(second), VersionStages: ['AWSPENDING'] };
      const { VersionId } = await secrets.send(
        new PutSecretValueCommand({ ...pending, ClientRequestToken: randomUUID() }),
      );
      await admin.query(`ALTER ROLE ${second.username} PASSWORD '${second.password}'`);
      await sleep(WINDOW_MS);
      const move = {
        SecretId: 'db',
        VersionStage: 'AWSCURRENT',
        MoveToVersionId: VersionId,
        RemoveFromVersionId: from,
      };
      await secrets.send(new UpdateSecretVersionStageCommand(move));
    })();
    const connections: Promise<void>[] = [];
    for (let index = 0; index < CONNECTIONS; index += 1) {
      connections.push(one('rotating', connect));
      await sleep(PER_CONNECTION_MS / 2);
      connections.push(one('fixed', connectFixed));
      await sleep(PER_CONNECTION_MS / 2);
    }
    await Promise.all([rotation, ...connections]);
    const refused = server.log().match(/FATAL: {2}password authentication failed for user "app/g)?.length ?? 0;
    return { failed, refused, ms: took.rotating, msStatic: took.fixed, calls };
  } finally {
    await admin.end();
    secrets.destroy();
    await aws.close();
    await server.stop();
  }
}

/** As the adapter does it. */
export function connectRotating(client: SecretsManagerClient): Connect {
  const schema = v.object({ username: v.string(), password: v.string() });
  const secret = secretsCache({ client }).secret('db', { schema });
  const Client = rotatingClient(pg.Client, secret);
  return (config) => new Client(config).connect().then((connected) => connected as pg.Client);
}

/** As everybody does it: reads the secret for each new connection, and hopes. */
export function connectWith(peer: Peer, ttlSeconds: number): (client: SecretsManagerClient) => Connect {
  return (client) => {
    const read = peer(client, ttlSeconds);
    return async (config) => {
      const { username, password } = (await read()) as Login;
      const connection = new pg.Client({ ...config, user: username, password });
      await connection.connect();
      return connection;
    };
  };
}

function newLogin(username: string): Login {
  return { username, password: randomBytes(16).toString('hex') };
}
