import { randomUUID } from 'node:crypto';
import colors from 'picocolors';
import { listOrders, serviceToken } from '../../../examples/service-token/orders-client.ts';
import { ordersService } from '../../../examples/service-token/orders-service.ts';
import { callerVerifier } from '../../../examples/service-token/verify-caller.ts';
import { rotateSecret } from '../../../local/secrets-manager/rotate-secret.ts';
import { exampleTasks, rotated } from '../example-tasks.ts';
import { type Frame, runShow } from '../run-show.ts';
import { withSecretsCache } from '../with-secrets-cache.ts';
import { type Calls, callAgain } from './call-again.ts';
import { type IssuerToShow, issuerToShow } from './issuer-to-show.ts';

const SECRET = 'shop/orders-token';
const ROTATIONS = 3;

interface Stage {
  issuer?: IssuerToShow;
  readonly calls: Calls;
}

/**
 * Rotates the token of `examples/service-token/main.ts`, and the key that signs it, while one service calls another with it.
 * @returns the exit code
 */
export function show(): Promise<number> {
  return runShow<Stage>({
    command: 'npm start -- auth0',
    stage: { calls: { succeeded: 0, failed: 0 } },
    tasks: [
      {
        title: 'Find the issuer',
        task: async (stage, task) => {
          stage.issuer = await issuerToShow(process.env);
          const { url, rollKey } = stage.issuer;
          task.title = rollKey ? `Started a stand-in for Auth0, ${url}` : `Found Auth0, ${url}`;
        },
      },
      ...exampleTasks<Stage>({
        main: 'examples/service-token/main.ts',
        environment: ({ issuer }) => issuer?.environment ?? {},
        variables: ({ issuer }) => ({ client_secret: issuer?.clientSecret ?? '' }),
      }),
      { title: 'Rotate while one service calls another', task: (stage, task) => rotateUnderLoad(stage, task) },
    ],
    conclude: (stage) => ({ text: conclusion(stage), exitCode: stage.calls.failed > 0 ? 1 : 0 }),
    end: async ({ issuer }) => issuer?.close(),
  });
}

async function rotateUnderLoad({ aws, issuer, calls }: Frame & Stage, task: { title: string }): Promise<void> {
  if (issuer === undefined) return;
  const { keys, audience, url, clientId } = issuer;
  const orders = await ordersService(callerVerifier({ issuer: url, audience, keys, services: [clientId] }));
  const underLoad = withSecretsCache(
    aws,
    async (secrets) => {
      const token = serviceToken(secrets, SECRET);
      const application = callAgain(() => listOrders(orders.url, token));
      try {
        for (let rotation = 1; rotation <= ROTATIONS; rotation += 1) {
          task.title = `Rotate ${SECRET}, ${rotation} of ${ROTATIONS}, while one service calls another with it`;
          issuer.rollKey?.();
          rotateSecret({ SecretId: SECRET, ClientRequestToken: randomUUID() }, aws.account);
          await rotated(aws, SECRET);
          await listOrders(orders.url, token);
        }
      } finally {
        await application.stop();
        Object.assign(calls, application.calls);
      }
    },
    { maxAgeSeconds: 0.5 },
  );
  await underLoad.finally(() => orders.close());
}

function conclusion({ issuer, calls }: Stage): string {
  const { succeeded, failed } = calls;
  const keys = issuer?.rollKey ? ` and ${ROTATIONS} of the key that signs it` : '';
  const real = `  To use your own tenant instead of the stand-in:
    AUTH0_DOMAIN=… AUTH0_CLIENT_ID=… AUTH0_AUDIENCE=… AUTH0_SCOPE=read:orders TF_VAR_client_secret=… npm start -- auth0
`;
  return `  ${colors.bold(`${succeeded} calls`)} from one service to another in ${ROTATIONS} rotations of the token${keys}: ${failed} failed.

${issuer?.rollKey ? real : ''}  docs/oauth.md explains what to set in Auth0, and which schedule a token needs.
`;
}
