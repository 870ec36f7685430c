import { ownName, renamed } from '../choice.ts';
import type { InitTarget } from './init-target.ts';

export const oauthToken: InitTarget = {
  title: 'an OAuth access token, of a client that has an id and a secret',
  page: 'oauth.md',
  nameEnd: 'token',
  declaration: ({ app, declare, file, framework, id, name }) => `import type { Construct } from 'constructs';
import { EphemeralVariable, fromSecret, RotatedSecret, Rotation, Schedule, StaticSecret } from '${framework.constructs}';

/** The client that asks for tokens has a secret of its own, which no application has to read. */
export function ${declare}(scope: Construct, environment: NodeJS.ProcessEnv = process.env): void {
  const { ${renamed({ file }, 'ISSUER')} = 'https://login.example.com/' } = environment;
  const clientSecret = new EphemeralVariable(scope, '${ownName({ file }, 'client_secret')}', "The OAuth client's secret");
  const client = new StaticSecret(scope, '${id}-credentials', {
    name: '${name}-credentials',
    initial: { client_id: '${app}', client_secret: clientSecret.stringValue },
    publicFields: ['client_id'],
  });
  new RotatedSecret(scope, '${id}', {
    name: '${name}',
    rotation: Rotation.oauthToken({
      issuer: ISSUER,
      audience: 'https://api.example.com',
      credentials: fromSecret(client.secretArn),
    }),
    // A token must outlive the time between two rotations.
    schedule: Schedule.rate({ hours: 20 }),
  });
}
`,
  hcl: ({
    label,
    modules,
    name,
  }) => `# The client that asks for tokens has a secret of its own, which no application has to read. Its first value is given once:
#   export TF_VAR_${label}_client='{ client_id = "…", client_secret = "…" }'
variable "${label}_client" {
  type      = object({ client_id = string, client_secret = string })
  ephemeral = true
  default   = null
}

module "${label}_client" {
  source  = "${modules}/static-secret"
  name    = "${name}-credentials"
  initial = var.${label}_client
}

module "${label}" {
  source      = "${modules}/oauth-token"
  name        = "${name}"
  issuer      = "https://login.example.com/"
  audience    = "https://api.example.com"
  credentials = { secret_arn = module.${label}_client.secret_arn }

  # A token must outlive the time between two rotations.
  schedule = { rate_hours = 20 }
}
`,
  localSetup: ({ file }) => `import { createSign, generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type LocalSetup, refusingWebPages } from 'rotaform/local';

/** A stand-in for the issuer: it signs a token of one day for every caller. */
export const setup: LocalSetup = async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const handler: RequestListener = (request, response) => {
    const answer = (body: object) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    request.resume();
    if (request.url === '/jwks') return answer({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: '1', alg: 'RS256' }] });
    if (request.url === '/token') return answer({ access_token: token(), token_type: 'Bearer', expires_in: 86_400 });
    return answer({ issuer, token_endpoint: \`\${issuer}token\`, jwks_uri: \`\${issuer}jwks\` });
  };
  // A web page that the developer visits can reach loopback, too.
  const server = createServer(refusingWebPages(handler));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = \`http://127.0.0.1:\${(server.address() as AddressInfo).port}/\`;

  function token(): string {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: issuer, aud: 'https://api.example.com', sub: 'service', jti: randomUUID() };
    const signed = \`\${part({ alg: 'RS256', typ: 'at+jwt', kid: '1' })}.\${part({ ...claims, iat: now, exp: now + 86_400 })}\`;
    return \`\${signed}.\${createSign('RSA-SHA256').update(signed).sign(privateKey).toString('base64url')}\`;
  }

  return {
    environment: { ${ownName({ file }, 'ISSUER')}: issuer },
    variables: { ${ownName({ file }, 'client_secret')}: 'only for this machine' },
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
};
`,
};
