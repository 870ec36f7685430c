import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as secretsManager from '@aws-sdk/client-secrets-manager';
import { onTestFinished } from 'vitest';
import type { LocalAws } from '../../local/local-aws.ts';

/** The members of a structure, as the SDK's schemas list them. */
type Schema = readonly [kind: number, namespace: string, name: string, traits: unknown, members: readonly string[]];
type Sdk = Readonly<Record<string, unknown>>;
type Client = { send(command: unknown): Promise<Readonly<Record<string, unknown>>>; destroy(): void };

const SERVICES: Readonly<Record<string, { readonly sdk: Sdk; readonly client: string }>> = {
  secretsmanager: { sdk: secretsManager, client: 'SecretsManagerClient' },
  logs: { sdk: logs, client: 'CloudWatchLogsClient' },
};

/** What the AWS CLI does with the answer. */
const OF_THE_CLI = ['--query', '--output'];

/** Sends what `aws SERVICE COMMAND --flag value …` would send. @param readFile the file of `file://NAME` */
export async function sendAwsCommand(
  [service = '', command = '', ...flags]: readonly string[],
  aws: LocalAws,
  readFile: (name: string) => string,
  environment: Readonly<Record<string, string>> = aws.environment,
): Promise<Readonly<Record<string, unknown>>> {
  const { sdk, client: clientName } = SERVICES[service] ?? refuse(`no service ${service}`);
  const action = command.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
  const schema = (sdk[`${action}Request$`] as Schema | undefined) ?? refuse(`no command ${service} ${command}`);
  const input: Record<string, unknown> = {};
  for (let index = 0; index < flags.length; index += 1) {
    const flag = flags[index] ?? '';
    const isOff = flag.startsWith('--no-');
    const wanted = flag.replace(/^--(no-)?/, '').replaceAll('-', '');
    if (!OF_THE_CLI.includes(flag) && !flag.startsWith('--')) refuse(`"${flag}" is no flag`);
    const member = schema[4].find((name) => name.toLowerCase() === wanted);
    if (member === undefined && !OF_THE_CLI.includes(flag)) refuse(`${service} ${command} has no ${flag}`);
    const next = flags[index + 1];
    const hasValue = next !== undefined && !next.startsWith('--');
    if (member !== undefined) input[member] = hasValue ? argumentOf(next, readFile) : !isOff;
    if (hasValue) index += 1;
  }
  const client = new (sdk[clientName] as new (options: object) => Client)({
    endpoint: aws.endpoint,
    region: environment.AWS_REGION,
    maxAttempts: 1,
    credentials: {
      accessKeyId: environment.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY ?? '',
    },
  });
  onTestFinished(() => client.destroy());
  return client.send(new (sdk[`${action}Command`] as new (input: object) => unknown)(input));
}

function argumentOf(text: string, readFile: (name: string) => string): unknown {
  if (text.startsWith('file://')) return readFile(text.slice('file://'.length));
  // A filter of CloudWatch begins like JSON.
  return /^[{[]\s*["\]}[{]/.test(text) ? JSON.parse(text) : text;
}

function refuse(reason: string): never {
  throw new Error(`The AWS CLI would refuse it: ${reason}`);
}
