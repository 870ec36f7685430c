import { randomUUID } from 'node:crypto';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Listr } from 'listr2';
import colors from 'picocolors';
import { secretsCache } from '../../../client/index.ts';
import { listOrders, serviceToken } from '../../../examples/service-token/orders-client.ts';
import { ordersService } from '../../../examples/service-token/orders-service.ts';
import { callerVerifier } from '../../../examples/service-token/verify-caller.ts';
import { deploy } from '../../../local/deploy/deploy.ts';
import { type LocalAws, localAws } from '../../../local/local-aws.ts';
import { rotateSecret } from '../../../local/secrets-manager/rotate-secret.ts';
import { drawRotation } from '../../draw-rotation.ts';
import { type SynthesizedStack, synthesize } from '../../synthesize.ts';
import { recordRotations } from '../record-rotations.ts';
import { type Calls, callAgain } from './call-again.ts';
import { type IssuerToShow, issuerToShow } from './issuer-to-show.ts';

const SECRET = 'shop/orders-token';
const ROTATIONS = 3;

/** What the show goes through, one after the other. */
interface Stage {
  readonly aws: LocalAws;
  issuer?: IssuerToShow;
  stacks: readonly SynthesizedStack[];
  calls: Calls;
}

/**
 * Rotates the token of `examples/service-token/main.ts`, and the key that signs it, while one service calls another with it.
 * @returns the exit code
 */
export async function showAuth0(): Promise<number> {
  const aws = await localAws({ rotation: { attempts: 1, retryDelaySeconds: 0 } });
  const stage: Stage = { aws, stacks: [], calls: { succeeded: 0, failed: 0 } };
  const records = recordRotations(aws.account);
  try {
    await tasks().run(stage);
    for (const record of records.values()) console.log(drawRotation(record));
    console.log(told(stage));
    return stage.calls.failed > 0 ? 1 : 0;
  } catch {
    // The progress has shown the error where it happened.
    for (const { failure } of records.values()) if (failure) console.error(`\n${colors.red(failure.errorMessage)}`);
    console.error('\nMend what is said above, and run npm start -- auth0 again.\n');
    return 1;
  } finally {
    await aws.close();
    await stage.issuer?.close();
  }
}

function tasks(): Listr<Stage> {
  return new Listr<Stage>(
    [
      {
        title: 'Find the issuer',
        task: async (stage, task) => {
          stage.issuer = await issuerToShow(process.env);
          const { url, rollKey } = stage.issuer;
          task.title = rollKey ? `Started a stand-in for Auth0, ${url}` : `Found Auth0, ${url}`;
        },
      },
      {
        title: 'Build the functions, synthesize examples/service-token/main.ts',
        task: async (stage) => {
          const environment = stage.issuer?.environment ?? {};
          stage.stacks = await synthesize({ main: 'examples/service-token/main.ts', environment });
        },
      },
      {
        title: 'Deploy to an AWS on this machine, which rotates at once',
        task: async ({ aws, issuer, stacks }) => {
          const variables = { client_secret: issuer?.clientSecret ?? '' };
          for (const { json, folder } of stacks) await deploy(json, aws.account, { folder, variables });
          await settled(aws);
        },
      },
      { title: 'Rotate, while one service calls another', task: (stage, task) => rotateUnderLoad(stage, task) },
    ],
    { fallbackRenderer: 'simple' },
  );
}

async function rotateUnderLoad({ aws, issuer, calls }: Stage, task: { title: string }): Promise<void> {
  if (issuer === undefined) return;
  const { endpoint, account, environment } = aws;
  const credentials = {
    accessKeyId: environment.AWS_ACCESS_KEY_ID ?? '',
    secretAccessKey: environment.AWS_SECRET_ACCESS_KEY ?? '',
  };
  const client = new SecretsManagerClient({ endpoint, region: account.region, credentials });
  const cache = secretsCache({ client, maxAgeSeconds: 0.5 });
  const { keys, audience, url } = issuer;
  const orders = await ordersService(callerVerifier({ issuer: url, audience, keys }));
  const token = serviceToken(cache, SECRET);
  const application = callAgain(() => listOrders(orders.url, token));
  try {
    for (let rotation = 1; rotation <= ROTATIONS; rotation += 1) {
      task.title = `Rotate ${SECRET}, ${rotation} of ${ROTATIONS}, while one service calls another with it`;
      issuer.rollKey?.();
      rotateSecret({ SecretId: SECRET, ClientRequestToken: randomUUID() }, account, { arn: '' });
      await settled(aws);
      await listOrders(orders.url, token);
    }
  } finally {
    await application.stop();
    Object.assign(calls, application.calls);
    cache.close();
    client.destroy();
    await orders.close();
  }
}

/** @throws Error where the rotation failed: why, stands in the record of it */
async function settled(aws: LocalAws): Promise<void> {
  const outcome = await aws.rotationSettled(SECRET);
  if (outcome !== 'succeeded') throw new Error(`The rotation of ${SECRET} has ${outcome}.`);
}

function told({ issuer, calls }: Stage): string {
  const { succeeded, failed } = calls;
  const keys = issuer?.rollKey ? ` and ${ROTATIONS} of the key that signs it` : '';
  const real = `  Your own tenant, in place of the stand-in:
    AUTH0_DOMAIN=… AUTH0_CLIENT_ID=… AUTH0_AUDIENCE=… AUTH0_SCOPE=read:orders TF_VAR_client_secret=… npm start -- auth0
`;
  return `  ${colors.bold(`${succeeded} calls`)} from one service to another in ${ROTATIONS} rotations of the token${keys}: ${failed} failed.

${issuer?.rollKey ? real : ''}  docs/oauth.md tells what to set in Auth0, and which schedule a token needs.
`;
}
