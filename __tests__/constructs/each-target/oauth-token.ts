import { fromSecret, Rotation } from '../../../constructs/index.ts';

const credentials = fromSecret('arn:aws:secretsmanager:us-east-1:111122223333:secret:app/client-AbCdEf');

export const rotations = () => [
  Rotation.oauthToken({ issuer: 'https://login.example.com', credentials }),
  Rotation.auth0({ domain: 'my-tenant.eu.auth0.com', audience: 'https://api.example.com', credentials }),
];
