import { randomBytes } from 'node:crypto';
import { type Environment, plainString, RotationError, type RotationStrategy, rotationHandler } from 'rotaform/lambda';
import { postJson } from './post-json.ts';

/** One plain string, `OWNER.KEY`: who verifies the owner's signatures is told the key in use and the next one. */
function signingKey({ VERIFIER_URL = '' }: Environment): RotationStrategy<string, string> {
  async function ask(body: object, signal: AbortSignal): Promise<void> {
    const { status } = await postJson(VERIFIER_URL, body, signal);
    if (status !== 200) throw new RotationError('AUTHENTICATION', `The verifier answered with ${status}.`);
  }
  return {
    format: 'text',
    current: plainString,
    pending: plainString,
    create: async (current = '') => `${current.split('.')[0]}.${randomBytes(24).toString('base64')}`,
    set: ({ current, pending }, { signal }) => ask({ key: current, accept: [current, pending] }, signal),
    test: (pending, { signal }) => ask({ key: pending }, signal),
  };
}

export const handler = rotationHandler(signingKey);
