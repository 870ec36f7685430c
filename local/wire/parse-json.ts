import { AwsError } from '../aws-error.ts';

/**
 * A request's body. An empty body is an empty object.
 *
 * @throws SerializationException it is not JSON.
 */
export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body || '{}');
  } catch {
    // Not the parser's own message: it quotes the body, which may hold a secret.
    throw new AwsError('SerializationException', 'The body of the request is not JSON.');
  }
}
