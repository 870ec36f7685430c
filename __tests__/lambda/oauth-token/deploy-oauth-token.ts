import { CreateSecretCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { type DeployedStrategy, deployStrategy } from '../rotation/deploy-strategy.ts';
import { API, type OidcIssuer } from './oidc-issuer.ts';

/** Where the function finds the issuer and the client; what is undefined is left out. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** The strategy as it is deployed, for a token of the issuer for its API, with the client's secret beside it. */
export async function deployOauthToken(
  issuer: OidcIssuer,
  client: object,
  variables: Variables = {},
  timeoutSeconds = 10,
) {
  const environment = {
    OAUTH_ISSUER: issuer.url,
    OAUTH_AUDIENCE: API,
    OAUTH_SCOPE: 'read write',
    CREDENTIALS_SECRET_ARN: 'client',
    OAUTH_TLS_CA: issuer.tls.cert,
    ...variables,
  };
  const given = Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const deployed = await deployStrategy({
    entry: 'lambda/oauth-token.ts',
    environment: Object.fromEntries(given),
    timeoutSeconds,
  });
  await deployed.client.send(new CreateSecretCommand({ Name: 'client', SecretString: JSON.stringify(client) }));
  return { ...deployed, rotationFailure, proofFailure };

  /** Why a rotation fails that must leave the secret as it was. */
  async function rotationFailure(scheduleExpression = 'rate(8 hours)'): Promise<string | undefined> {
    const { outcome } = await deployed.rotate({ RotationRules: { ScheduleExpression: scheduleExpression } });
    if (outcome === 'succeeded') return undefined;
    return failureOf(deployed);
  }

  /** Why testSecret refuses a token. */
  async function proofFailure(access_token: string): Promise<string | undefined> {
    const versionId = await deployed.pendingVersion();
    await deployed.client.send(
      new PutSecretValueCommand({
        SecretId: deployed.secretArn,
        ClientRequestToken: versionId,
        SecretString: JSON.stringify({ access_token, issued_at: 'just now', expires_at: 'later' }),
        VersionStages: ['AWSPENDING'],
      }),
    );
    const result = await deployed.step('testSecret', versionId);
    return 'failure' in result ? failureOf(deployed) : undefined;
  }
}

/** `CODE message`, as the function's last line has it. */
async function failureOf({ aws, functionArn }: DeployedStrategy): Promise<string> {
  const { log } = aws.account.functions.find(functionArn) ?? { log: [] };
  const line = log.filter((each) => each.includes('"errorCode"')).at(-1);
  const { errorCode, errorMessage } = JSON.parse(line ?? '{}');
  return `${errorCode} ${errorMessage}`;
}
