import { InvokeCommand, type InvokeCommandOutput, type LambdaClient } from '@aws-sdk/client-lambda';
import * as v from 'valibot';
import type { RotationErrorCode } from '../../lambda/rotation/rotation-error.ts';
import { ForeignCode, ForeignText } from '../foreign-text.ts';
import type { DescribedSecret } from './about-secret.ts';
import { type Check, failed, looked, notChecked, passed } from './check.ts';

const Report = v.object({
  checks: v.pipe(
    v.array(
      v.object({
        what: ForeignText,
        outcome: v.picklist(['passed', 'failed', 'not checked']),
        code: v.optional(ForeignCode, 'INTERNAL'),
        message: v.optional(ForeignText, ''),
      }),
    ),
    v.minLength(1),
  ),
});
const Failure = v.object({ errorType: v.optional(ForeignText, ''), errorMessage: v.optional(ForeignText, '') });

const CANNOT_RUN = /cannot be assumed|KMS|ENI|subnet|security group|image/i;

const WHAT = 'The function itself';

/** Has the function look at its target: it changes nothing there. */
export function askFunction(
  client: LambdaClient,
  { ARN, RotationLambdaARN }: DescribedSecret,
): Promise<readonly Check[]> {
  return looked(WHAT, 'lambda:InvokeFunction', async () => {
    const Payload = JSON.stringify({ Step: 'check', SecretId: ARN });
    let answer: InvokeCommandOutput;
    try {
      answer = await client.send(new InvokeCommand({ FunctionName: RotationLambdaARN, Payload }));
    } catch (error) {
      // Its role is gone, or its environment cannot be decrypted: Secrets Manager would get the same error.
      if (!CANNOT_RUN.test((error as Error).message)) throw error;
      return [failed(WHAT, 'NOT_INVOCABLE', `Lambda cannot run it: ${(error as Error).message}`)];
    }
    const said: unknown = JSON.parse(Buffer.from(answer.Payload ?? []).toString() || 'null');
    if (answer.FunctionError !== undefined) return [whyItFailed(said)];
    const { success, output } = v.safeParse(Report, said);
    if (!success) return [old('It answered with something other than a report.')];
    return output.checks.map(({ what, outcome, code, message }) => {
      if (outcome === 'failed') return failed(what, code as RotationErrorCode, message);
      return outcome === 'passed' ? passed(what) : notChecked(what, message);
    });
  });
}

function whyItFailed(said: unknown): Check {
  const { errorType, errorMessage } = v.parse(Failure, said);
  if (/^This is not a rotation step/.test(errorMessage)) return old('It refused the question.');
  if (/Task timed out/.test(errorMessage)) {
    return failed(
      WHAT,
      'TIMEOUT',
      `${errorMessage}. It did not even reach Secrets Manager, or started too slowly. See its subnets and security groups, then its timeout.`,
    );
  }
  return failed(WHAT, 'INTERNAL', `It ended with ${errorType || 'an error'}: ${errorMessage}`);
}

function old(problem: string): Check {
  return failed(
    WHAT,
    'OLD_FUNCTION',
    `${problem} Its code is older than preflight, so its target was not looked at. Deploy it again with this version of Rotaform.`,
  );
}
