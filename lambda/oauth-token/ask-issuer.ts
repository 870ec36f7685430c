import { isSecure } from '../../rules/is-secure.ts';
import { type Answer, ask, type Question } from '../issuers/ask.ts';
import { RotationError } from '../rotation/index.ts';

/**
 * Asks the issuer, whose endpoints come from the environment and its own metadata.
 * @throws CONFIGURATION for a URL that is not secure, and what `ask` throws
 */
export async function askIssuer(question: Question, signal: AbortSignal): Promise<Answer> {
  if (isSecure(question.url)) return ask(question, { signal });
  throw new RotationError('CONFIGURATION', `The issuer's endpoint is "${question.url}": expected an https:// URL.`);
}
