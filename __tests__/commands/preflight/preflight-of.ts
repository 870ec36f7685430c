import type { LocalAws } from '../../../local/local-aws.ts';
import type { DeployedStrategy } from '../../lambda/rotation/deploy-strategy.ts';
import { inThisProcess, type Printed } from '../in-this-process.ts';

/** What was seeded: a secret whose rotation would fail. */
export type Seeded = Pick<DeployedStrategy, 'aws' | 'secretArn' | 'functionArn'>;

/** A misconfiguration, and the rows that name it: what was looked at, the code, and what the message says. */
export interface Seed {
  readonly title: string;
  seed(): Promise<Seeded>;
  readonly rows: readonly (readonly [what: string | RegExp, code: string, message: RegExp])[];
  /** @default a schedule of a month */
  readonly rules?: { readonly ScheduleExpression: string } | 'none';
}

/** Calls of AWS that change nothing. Lambda writes the function's log. */
const READS = /^(Get|List|Describe|Simulate|Decrypt$|Invoke$|CreateLogStream$|PutLogEvents$|PutTraceSegments$)/;

/** The command, with the environment of an account. */
export const preflight = (
  { environment }: Pick<LocalAws, 'environment'>,
  ...args: readonly string[]
): Promise<Printed> => inThisProcess(['preflight', ...args], environment);

/** Configures the rotation without starting one. */
export function configure({ aws, secretArn, functionArn }: Seeded, rules: Seed['rules']): void {
  const secret = aws.account.secrets.find(secretArn);
  if (secret === undefined) throw new Error('There is no secret.');
  const given = rules ?? { ScheduleExpression: 'rate(30 days)' };
  const { enabled = true, lambdaArn = functionArn } = secret.rotation ?? {};
  secret.rotation = { enabled, lambdaArn, rules: given === 'none' ? undefined : given };
}

/** The preflight of a secret as JSON, and how often it wrote to AWS: a call of the log, or a value or label that differs. */
export async function checked(seeded: Seeded) {
  const { account } = seeded.aws;
  const secret = account.secrets.find(seeded.secretArn);
  const state = () =>
    JSON.stringify([...(secret?.versions ?? [])].map(([id, each]) => [id, each.value, secret?.stagesOf(id)]));
  const before = state();
  const writes: string[] = [];
  const watch = ({ action }: { readonly action: string }) => READS.test(action) || writes.push(action);
  account.events.on('call', watch);
  const found = await preflight(seeded.aws, seeded.secretArn, '--json');
  account.events.off('call', watch);
  if (state() !== before) writes.push('the secret differs');
  if (found.stderr !== '') throw new Error(found.stderr);
  return { ...found, ...JSON.parse(found.stdout), writes };
}
