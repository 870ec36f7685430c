import { setImmediate as soon } from 'node:timers/promises';
import type { CheckContext, CheckReport, Look } from './check-context.ts';
import { errorCode } from './error-code.ts';
import type { Invocation } from './invocation.ts';
import { newDocument } from './new-document.ts';
import { RotationError } from './rotation-error.ts';

const TARGET = 'The target';

/**
 * Looks at what a rotation of the secret would need, and says what would fail. It stores nothing and moves no label. What fails is in
 * the report: a thrown error would count as a failed rotation, and raise an alarm.
 * @param functionArn this function's, as it was invoked
 * @throws EVENT, ROTATION_DISABLED for a secret that this function does not rotate: it says nothing about that
 */
export async function checkSecret<Current, Pending>(
  invocation: Invocation<Current, Pending>,
  functionArn: string,
): Promise<CheckReport> {
  const { strategy, deadline, scrubber, secretId, name } = invocation;
  const checks: Look[] = [];
  const fail = (what: string, error: unknown) => {
    const { code, message } = scrubber.error(error, errorCode(error));
    checks.push({ what: scrubber.clean(what), outcome: 'failed', code, message });
  };
  const skip = (what: string, why: string): void => {
    checks.push({ what: scrubber.clean(what), outcome: 'not checked', message: scrubber.clean(why) });
  };
  const look: CheckContext<Pending>['look'] = async (what, work) => {
    try {
      const found = await deadline.within(what, work);
      checks.push({ what: scrubber.clean(what), outcome: 'passed' });
      return found;
    } catch (error) {
      fail(what, error);
      return undefined;
    }
  };

  const secret = await look('Secrets Manager, as the function reaches it', () =>
    invocation.versions.describe(secretId),
  );
  if (secret === undefined) return { checks };
  if (secret.ARN !== secretId || !isSameFunction(secret.RotationLambdaARN, functionArn)) {
    throw new RotationError(
      'EVENT',
      `This function does not rotate ${name}, or SecretId is not its whole ARN. Run rotaform preflight, which asks the right one.`,
    );
  }
  if (secret.RotationEnabled !== true) throw invocation.disabled();
  const read = await look('The current value', async () => ({ current: await invocation.current() }));
  if (read === undefined) return { checks };
  const { current } = read;
  const context = {
    ...invocation.context,
    rotationRules: secret.RotationRules,
    look,
    skip,
    newValue: async () => (await newDocument(invocation, current, context)).value,
  };
  if (strategy.check === undefined) {
    skip(TARGET, 'The strategy has no check. Whether the target takes a new value, the first rotation shows.');
    return { checks };
  }
  try {
    await deadline.within('check', () => strategy.check?.(current?.value, context));
  } catch (error) {
    await soon(); // What the check was looking at when the time ended says so itself.
    if (checks.at(-1)?.code !== 'TIMEOUT') fail(TARGET, error);
  }
  return { checks };
}

/** An ARN may end in a version or an alias. */
function isSameFunction(one: string | undefined, other: string): boolean {
  const [ours, theirs] = [one, other].map((arn) => arn?.split(':').slice(0, 7).join(':'));
  return ours === theirs;
}
