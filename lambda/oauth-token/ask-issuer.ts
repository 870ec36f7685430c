import { checkSecureUrl } from '../../rules/is-secure.ts';
import { type Answer, ask, type Question } from '../issuers/ask.ts';
import type { Connection } from '../issuers/connection.ts';
import { printable } from '../issuers/words.ts';
import { RotationError } from '../rotation/index.ts';

/**
 * Asks the issuer, whose endpoints come from the environment and its own metadata.
 * @throws CONFIGURATION for a URL that is not secure, and what `ask` throws
 */
export async function askIssuer(question: Question, connection: Connection): Promise<Answer> {
  const reason = checkSecureUrl("The issuer's endpoint", question.url);
  if (reason === undefined) return ask(question, connection);
  throw new RotationError('CONFIGURATION', printable(reason));
}
