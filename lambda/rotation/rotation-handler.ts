import { missingFields } from './check-schema.ts';
import { createSecret } from './create-secret.ts';
import { Deadline } from './deadline.ts';
import { errorCode } from './error-code.ts';
import { finishSecret } from './finish-secret.ts';
import { Invocation, type StepOutcome } from './invocation.ts';
import { type RotationEvent, type RotationStep, readRotationEvent, secretName } from './rotation-event.ts';
import type { RotationStrategy } from './rotation-strategy.ts';
import { scrubOutput } from './scrub-output.ts';
import { Scrubber } from './scrubber.ts';
import { setSecret } from './set-secret.ts';
import { testSecret } from './test-secret.ts';
import { writeLogLine } from './write-log-line.ts';

/** The function's environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What Lambda calls. */
export interface RotationHandler {
  (event: unknown, lambda: { getRemainingTimeInMillis(): number }): Promise<void>;
  /** The fields that the strategy needs before a rotation, and that a document does not have. Synth asks. */
  missingFields(environment: Environment, document: unknown): Promise<readonly string[]>;
}

/** One for the process, from the moment in which this module is loaded: a strategy may keep a method of the console. */
const scrubber = new Scrubber();
scrubOutput(scrubber);

const steps: Readonly<Record<RotationStep, <C, P>(invocation: Invocation<C, P>) => Promise<StepOutcome>>> = {
  createSecret,
  setSecret,
  testSecret,
  finishSecret,
};

/**
 * Makes a strategy into a Lambda function: the four steps, checked, idempotent, within the function's time, with one
 * structured log line each and no secret value in any of them.
 * @param define gives the strategy for the function's environment; called once, at the first invocation
 * @example export const handler = rotationHandler(() => apiKeyStrategy);
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
 */
export function rotationHandler<Current, Pending>(
  define: (
    environment: Environment,
  ) => RotationStrategy<Current, Pending> | Promise<RotationStrategy<Current, Pending>>,
): RotationHandler {
  let strategy: RotationStrategy<Current, Pending> | undefined;
  const handler = async (received: unknown, lambda: { getRemainingTimeInMillis(): number }) => {
    const startedAt = performance.now();
    const deadline = new Deadline(lambda.getRemainingTimeInMillis());
    let event: RotationEvent | undefined;
    const report = (level: 'INFO' | 'ERROR', outcome: StepOutcome | 'failed', failure: object = {}) =>
      writeLogLine(level, `${event?.Step ?? 'invocation'} ${outcome}`, {
        ...(event && { step: event.Step, secret: secretName(event.SecretId), versionId: event.ClientRequestToken }),
        durationMs: Math.round(performance.now() - startedAt),
        outcome,
        ...failure,
      });
    try {
      event = readRotationEvent(received);
      strategy ??= await deadline.within('the strategy', () => define(process.env));
      const { Step } = event;
      const invocation = new Invocation(event, strategy, deadline, scrubber);
      report('INFO', await runStep(Step, invocation));
    } catch (error) {
      const failure = scrubber.error(error, errorCode(error));
      report('ERROR', 'failed', { errorCode: failure.code, errorMessage: failure.message });
      throw failure;
    } finally {
      deadline.end();
    }
  };
  return Object.assign(handler, {
    missingFields: async (environment: Environment, document: unknown) =>
      missingFields((await define(environment)).current, document),
  });
}

async function runStep<Current, Pending>(
  step: RotationStep,
  invocation: Invocation<Current, Pending>,
): Promise<StepOutcome> {
  try {
    return await steps[step](invocation);
  } catch (error) {
    // Where giving up fails, the next attempt meets the same refusal and tries again.
    if (errorCode(error) === 'POLICY') await invocation.giveUp().catch(() => undefined);
    throw error;
  }
}
