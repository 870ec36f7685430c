import { ownName, renamed } from '../choice.ts';
import { strategyFile } from '../free-file.ts';
import type { InitTarget } from './init-target.ts';

export const custom: InitTarget = {
  title: 'anything else, by a strategy of your own: an API key, to begin with',
  page: 'custom-strategy.md',
  nameEnd: 'api-key',
  declaration: ({ declare, file, framework, id, name }) => `import type { Construct } from 'constructs';
import { EphemeralVariable, RotatedSecret, Rotation, Schedule } from '${framework.constructs}';

export function ${declare}(scope: Construct, environment: NodeJS.ProcessEnv = process.env): void {
  const { ${renamed({ file }, 'API_URL')} = 'https://api.example.com' } = environment;
  const firstKey = new EphemeralVariable(scope, '${ownName({ file }, 'first_api_key')}', 'A key that works today');
  new RotatedSecret(scope, '${id}', {
    name: '${name}',
    initial: { api_key: firstKey.stringValue },
    rotation: Rotation.custom({ entry: '${strategyFile(file)}.ts', environment: { API_URL } }),
    schedule: Schedule.rate({ days: 7 }),
  });
}
`,
  files: ({ file }) => ({
    [`${strategyFile(file)}.ts`]: `import { readEnvironment, RotationError, type RotationStrategy, rotationHandler, stringFields } from 'rotaform/lambda';

interface ApiKey {
  readonly api_key: string;
}

/** Rotates the key of an HTTP service that lets several keys work at once. */
export const handler = rotationHandler((environment): RotationStrategy<ApiKey, ApiKey> => {
  const { API_URL } = readEnvironment(stringFields('API_URL'), environment);

  async function call(method: string, path: string, key: string, signal: AbortSignal): Promise<Response> {
    const headers = { authorization: \`Bearer \${key}\` };
    const response = await fetch(new URL(path, API_URL), { method, headers, signal });
    if (response.ok) return response;
    const code = response.status === 401 ? 'AUTHENTICATION' : 'SERVICE';
    throw new RotationError(code, \`\${method} \${path} was answered with \${response.status}. Expected 200.\`);
  }

  return {
    current: stringFields('api_key'),
    pending: stringFields('api_key'),

    // The version's id names the key: however often this runs, one rotation makes one key.
    // Keys of earlier rotations still work: delete them here, but neither the current key nor this one.
    async create(current, { versionId, signal }) {
      if (current === undefined) throw new RotationError('SECRET_VALUE', 'There is no first key. Store one to begin with.');
      const response = await call('PUT', \`/keys/\${versionId}\`, current.api_key, signal);
      return { api_key: await response.text() };
    },

    async test({ api_key }, { signal }) {
      await call('GET', '/whoami', api_key, signal);
    },
  };
});
`,
  }),
  localSetup: ({ file }) => `import { randomBytes } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type LocalSetup, refusingWebPages } from 'rotaform/local';

/** A stand-in for the service: any key that works may make others. */
export const setup: LocalSetup = async () => {
  const first = randomBytes(24).toString('base64url');
  const keys = new Map([['first', first]]);
  const handler: RequestListener = (request, response) => {
    request.resume();
    const works = [...keys.values()].some((key) => request.headers.authorization === \`Bearer \${key}\`);
    if (!works) return response.writeHead(401).end();
    const [, name = ''] = /^\\/keys\\/(.+)$/.exec(request.url ?? '') ?? [];
    if (request.method !== 'PUT' || name === '') return response.end('someone');
    const key = keys.get(name) ?? randomBytes(24).toString('base64url');
    keys.set(name, key);
    return response.end(key);
  };
  // A web page that the developer visits can reach loopback, too.
  const server = createServer(refusingWebPages(handler));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    environment: { ${ownName({ file }, 'API_URL')}: \`http://127.0.0.1:\${(server.address() as AddressInfo).port}\` },
    variables: { ${ownName({ file }, 'first_api_key')}: first },
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
};
`,
};
