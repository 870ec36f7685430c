import { onTestFinished } from 'vitest';
import {
  GoogleStandIn,
  type GoogleStandInOptions,
} from '../../../examples/google-calendar/stand-in/google-stand-in.ts';
import { deployStrategy, type LogLine } from '../rotation/deploy-strategy.ts';

export const account = 'calendar@my-project.iam.gserviceaccount.com';
export const scopes = ['https://www.googleapis.com/auth/calendar.readonly'];
export const provider = '//iam.googleapis.com/projects/123/locations/global/workloadIdentityPools/aws/providers/lambda';
const roleArn = 'arn:aws:iam::123456789012:role/rotate';

/** A Google with one account, its key in Base64, and a provider that lets the function's role in as that account. */
export async function startGoogle(options: GoogleStandInOptions = {}) {
  const google = await GoogleStandIn.start(options);
  onTestFinished(() => google.close());
  const key = google.createAccount(account);
  google.providers.set(provider, new Set([roleArn]));
  google.tokenCreators.get(account)?.add(roleArn);
  // What the local Lambda gives to its functions.
  google.awsIdentity = () => ({ secretAccessKey: 'local', roleArn });
  return { google, key, base64: Buffer.from(JSON.stringify(key)).toString('base64') };
}

/** The rotation function as it is deployed, asking that Google. */
export async function deployGoogle(
  google: GoogleStandIn,
  environment: Readonly<Record<string, string>>,
  secretString = JSON.stringify({ calendar: 'team@example.com', GOOGLE_ACCESS_TOKEN: '' }),
) {
  const deployed = await deployStrategy({
    entry: 'lambda/google-access-token.ts',
    secretString,
    environment: {
      GOOGLE_SERVICE_ACCOUNT: account,
      GOOGLE_SCOPES: scopes.join(' '),
      GOOGLE_ENDPOINT_URL: google.url,
      ...environment,
    },
    timeoutSeconds: 30,
  });
  return {
    ...deployed,
    /** Rotates once. @returns what AWSCURRENT then holds */
    async rotated(rules?: { readonly ScheduleExpression: string; readonly Duration?: string }) {
      const { outcome } = await deployed.rotate(rules && { RotationRules: rules });
      return { outcome, stored: JSON.parse((await deployed.value()) ?? '{}') };
    },
    /** The line that tells why a step failed. */
    async failure(): Promise<LogLine> {
      const { aws, functionArn } = deployed;
      const lines = aws.account.functions.find(functionArn)?.log.filter((line) => line.startsWith('{')) ?? [];
      return lines.map((line) => JSON.parse(line)).find(({ outcome }) => outcome === 'failed') ?? {};
    },
  };
}
