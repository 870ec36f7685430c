/**
 * What `npm start -- auth0` deploys. The environment says which tenant, AUTH0_DOMAIN, AUTH0_CLIENT_ID, AUTH0_AUDIENCE and
 * AUTH0_SCOPE, or which ISSUER in Auth0's place.
 */
import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider/index.js';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { App, TerraformStack } from 'cdktf';
import { declareToken } from './declare-token.ts';

const { ISSUER, AUTH0_DOMAIN = 'my-tenant.eu.auth0.com', AUTH0_CLIENT_ID, AUTH0_AUDIENCE, AUTH0_SCOPE } = process.env;

const app = new App();
const stack = new TerraformStack(app, 'service-token');
new AwsProvider(stack, 'aws', { region: 'us-east-1' });
new ArchiveProvider(stack, 'archive');
declareToken(stack, {
  clientId: AUTH0_CLIENT_ID ?? 'shop',
  audience: AUTH0_AUDIENCE ?? 'https://orders.example.com',
  scope: AUTH0_SCOPE,
  domain: AUTH0_DOMAIN,
  issuer: ISSUER,
});
app.synth();
