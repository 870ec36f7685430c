import * as v from 'valibot';
import { AwsError } from '../aws-error.ts';
import { parseJson } from '../wire/parse-json.ts';
import { action } from './action.ts';
import { FunctionName, Qualifier } from './fields.ts';
import { existingFunction } from './functions.ts';

/**
 * Runs a function once, and answers with what it returns or why it failed. `DryRun` runs nothing. Nothing is queued here, so `Event` is
 * not known.
 *
 * @throws ResourceNotFoundException no such function.
 * @throws InvalidRequestContentException the event is no JSON.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export const invoke = action(
  v.strictObject({
    FunctionName,
    Qualifier,
    Payload: v.string(),
    InvocationType: v.optional(v.picklist(['RequestResponse', 'DryRun']), 'RequestResponse'),
    LogType: v.optional(v.literal('None')),
  }),
  async ({ FunctionName, Payload, InvocationType }, account) => {
    const found = existingFunction(FunctionName, account);
    if (InvocationType === 'DryRun') return { StatusCode: 204 };
    const result = await found.invoke(eventOf(Payload));
    const answer =
      'failure' in result ? { FunctionError: 'Unhandled', Payload: result.failure } : { Payload: result.payload };
    return { ...answer, Payload: JSON.stringify(answer.Payload ?? null), ExecutedVersion: '$LATEST' };
  },
);

function eventOf(payload: string): unknown {
  try {
    return payload === '' ? {} : parseJson(payload);
  } catch {
    throw new AwsError('InvalidRequestContentException', 'Could not parse request body into json.');
  }
}
