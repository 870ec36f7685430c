import { AwsError } from '../aws-error.ts';

/**
 * A request's body; an empty one is an empty object.
 *
 * @throws SerializationException it is no JSON.
 */
export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body || '{}');
  } catch {
    // Not the parser's own message: it quotes the body, which may hold a secret.
    throw new AwsError('SerializationException', 'The body of the request is not JSON.');
  }
}
