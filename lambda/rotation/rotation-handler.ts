import type { CheckReport } from './check-context.ts';
import { missingFields } from './check-schema.ts';
import { checkSecret } from './check-secret.ts';
import { createSecret } from './create-secret.ts';
import { Deadline } from './deadline.ts';
import { errorCode } from './error-code.ts';
import { finishSecret } from './finish-secret.ts';
import { Invocation, type StepOutcome } from './invocation.ts';
import { RotationError } from './rotation-error.ts';
import {
  type CheckEvent,
  type RotationEvent,
  type RotationStep,
  readCheckEvent,
  readRotationEvent,
  secretName,
} from './rotation-event.ts';
import type { RotationStrategy } from './rotation-strategy.ts';
import { scrubOutput } from './scrub-output.ts';
import { Scrubber } from './scrubber.ts';
import { setSecret } from './set-secret.ts';
import { testSecret } from './test-secret.ts';
import { writeLogLine } from './write-log-line.ts';

/** The function's environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What Lambda says of an invocation. */
interface LambdaContext {
  getRemainingTimeInMillis(): number;
  readonly invokedFunctionArn?: string;
}

/** What Lambda calls. */
export interface RotationHandler {
  /** @returns the report of a check; nothing for a step */
  (event: unknown, lambda: LambdaContext): Promise<CheckReport | undefined>;
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
  const known = async (deadline: Deadline) => {
    strategy ??= await deadline.within('the strategy', () => define(process.env));
    return strategy;
  };
  const checked = async (event: CheckEvent, functionArn: string, deadline: Deadline): Promise<CheckReport> => {
    const loaded = await known(deadline).catch((error) => scrubber.error(error, errorCode(error)));
    if (loaded instanceof RotationError) {
      const { code, message } = loaded;
      return { checks: [{ what: "The function's settings", outcome: 'failed', code, message }] };
    }
    const invocation = new Invocation({ ...event, ClientRequestToken: event.Step }, loaded, deadline, scrubber);
    return checkSecret(invocation, functionArn);
  };
  const handler = async (received: unknown, lambda: LambdaContext) => {
    const startedAt = performance.now();
    const deadline = new Deadline(lambda.getRemainingTimeInMillis());
    let event: RotationEvent | CheckEvent | undefined;
    const report = (level: 'INFO' | 'ERROR', outcome: StepOutcome | 'failed' | 'checked', more: object = {}) =>
      writeLogLine(level, `${event?.Step ?? 'invocation'} ${outcome}`, {
        ...(event && { step: event.Step, secret: secretName(event.SecretId) }),
        ...(event && 'ClientRequestToken' in event && { versionId: event.ClientRequestToken }),
        durationMs: Math.round(performance.now() - startedAt),
        outcome,
        ...more,
      });
    try {
      event = readCheckEvent(received) ?? readRotationEvent(received);
      if (event.Step === 'check') {
        const found = await checked(event, lambda.invokedFunctionArn ?? '', deadline);
        report('INFO', 'checked', { failed: found.checks.flatMap(({ code }) => code ?? []) });
        return found;
      }
      const { Step } = event;
      const invocation = new Invocation(event, await known(deadline), deadline, scrubber);
      report('INFO', await runStep(Step, invocation));
      return undefined;
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
