import { page } from '../../rules/page.ts';
import { spelled } from '../spelling.ts';
import { giveUpCommand } from './give-up-command.ts';
import type { UnfinishedRotation } from './unfinished-rotation.ts';

/** What an error of the AWS SDK means, and what to do, in one line. */
export function clearReason(
  error: unknown,
  {
    secretId,
    region,
    unfinished,
    needs = 'secretsmanager:DescribeSecret, ListSecretVersionIds and RotateSecret',
  }: { secretId: string; region: string; unfinished?: UnfinishedRotation | undefined; needs?: string },
): string {
  if (!(error instanceof Error)) return String(error);
  const { name, message } = error;
  const [code] = [error, ...causesOf(error)].flatMap((each) => ('code' in each ? [String(each.code)] : []));
  if (name === 'ResourceNotFoundException') {
    return `There is no secret "${secretId}" in ${region}. Check its name or ARN, AWS_REGION, and whose credentials these are.`;
  }
  if (isUnfinished(error)) {
    const { versionId = 'VERSION', reason = '' } = unfinished ?? {};
    return [
      `A rotation of ${secretId} is in progress: AWSPENDING is on a version that is not current.`,
      ...(reason === '' ? [] : [reason]),
      'Secrets Manager tries it again by itself.',
      `To give it up, so that another rotation or a new schedule is accepted: ${giveUpCommand(secretId, versionId)} (${page('revert.md')}, "A rotation that does not end").`,
    ].join(' ');
  }
  if (/not authorized to perform/.test(message)) {
    return `${message}. This needs ${needs}.`;
  }
  if (name === 'CredentialsProviderError') {
    return `No AWS credentials were found. Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. For the local AWS, use those that ${spelled('local')} prints.`;
  }
  if (/^(ECONN|ENOTFOUND|EAI_AGAIN|EHOST|ENET|ETIMEDOUT)/.test(code ?? '') || name === 'TimeoutError') {
    const endpoint = process.env.AWS_ENDPOINT_URL ?? `Secrets Manager in ${region}`;
    return `${endpoint} does not answer (${code ?? name}). Check AWS_ENDPOINT_URL and the network. To start the local AWS, run ${spelled('local')}.`;
  }
  // Our own error: it is already clear.
  if (name === 'Error') return message;
  return `${message.replace(/\.?$/, '.')} (${name})`.replaceAll(/\s*\n\s*/g, ' ');
}

/** Whether Secrets Manager refuses a rotation since another one has not ended. */
export const isUnfinished = (error: unknown) =>
  error instanceof Error && /A previous rotation isn't complete/.test(error.message);

function causesOf(error: Error): Error[] {
  const inner = [error.cause, ...(error instanceof AggregateError ? error.errors : [])];
  return inner.filter((each) => each instanceof Error);
}
