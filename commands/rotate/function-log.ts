import { type CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import * as v from 'valibot';
import { ForeignCode, ForeignText } from '../foreign-text.ts';
import type { StepRecord } from '../rotation-record.ts';

/** The line that `rotationHandler` writes at the end of each step: the fields that are read here. */
const StepLine = v.object({
  step: v.picklist(['createSecret', 'setSecret', 'testSecret', 'finishSecret']),
  durationMs: v.number(),
  outcome: v.string(),
  errorCode: v.optional(ForeignCode, 'INTERNAL'),
  errorMessage: v.optional(ForeignText, 'The log does not say why.'),
});

/** How much the clocks of this machine and of AWS may differ. */
export const CLOCK_SKEW_MS = 300_000;

export interface FunctionLogOptions {
  readonly client: CloudWatchLogsClient;
  /** The function's ARN. */
  readonly functionArn: string;
  /** The rotation's version. */
  readonly versionId: string;
  readonly since: Date;
}

/** What a rotation function's log says about one rotation. */
export class FunctionLog {
  readonly groupName: string;
  /** Why it cannot be read. Undefined while it can. */
  problem: string | undefined;
  readonly #options: FunctionLogOptions;

  constructor(options: FunctionLogOptions) {
    this.#options = options;
    this.groupName = `/aws/lambda/${options.functionArn.split(':')[6]}`;
  }

  /** The steps that have ended so far, by attempt. Empty if the log cannot be read. */
  async attempts(): Promise<StepRecord[][]> {
    if (this.problem !== undefined) return [];
    try {
      return inAttempts(await this.#steps());
    } catch (error) {
      const { name, message } = error as Error;
      // A function that has not written anything may have no log group, and AWS answers only a few such calls per second.
      if (name !== 'ResourceNotFoundException' && name !== 'ThrottlingException') this.problem = message;
      return [];
    }
  }

  async #steps(): Promise<StepRecord[]> {
    const { client, versionId, since } = this.#options;
    const pages = paginateFilterLogEvents(
      { client },
      {
        logGroupName: this.groupName,
        filterPattern: `{ $.versionId = "${versionId}" }`,
        startTime: since.getTime(),
      },
    );
    const steps: StepRecord[] = [];
    for await (const { events = [] } of pages) steps.push(...events.flatMap(({ message = '' }) => stepOf(message)));
    return steps;
  }
}

function stepOf(message: string): StepRecord[] {
  const { success, output } = v.safeParse(v.pipe(v.string(), v.parseJson(), StepLine), message);
  if (!success) return [];
  const { step, durationMs, outcome, errorCode: errorType, errorMessage } = output;
  return [{ step, durationMs, ...(outcome === 'failed' && { failure: { errorType, errorMessage } }) }];
}

/** Each attempt begins with createSecret. */
function inAttempts(steps: readonly StepRecord[]): StepRecord[][] {
  const attempts: StepRecord[][] = [];
  for (const each of steps) {
    const last = attempts.at(-1);
    if (last === undefined || each.step === 'createSecret') attempts.push([each]);
    else last.push(each);
  }
  return attempts;
}
