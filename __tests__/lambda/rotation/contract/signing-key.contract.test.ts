import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { describeStrategy } from '../../../../testing/index.ts';
import { type JsonAnswer, jsonServer } from './json-server.ts';

const { serve, close } = await jsonServer();
afterAll(close);

/** What each owner's signatures are verified with. */
const accepted = new Map<string, readonly string[]>();
const isAccepted = (key: string) => accepted.get(ownerOf(key))?.includes(key) === true;
const ownerOf = (key: string) => key.split('.')[0] ?? '';

const VERIFIER_URL = serve((request): JsonAnswer => {
  const { key, accept } = request as { key: string; accept?: readonly string[] };
  if (!isAccepted(key)) return [401, {}];
  if (accept !== undefined) accepted.set(ownerOf(key), accept);
  return [200, {}];
});

describeStrategy('signing key, one plain string', {
  entry: fileURLToPath(new URL('strategies/signing-key.ts', import.meta.url)),
  environment: { VERIFIER_URL },
  promise: 'overlap',
  pairs: 6,
  async target() {
    const first = `owner-${accepted.size + 1}.the first key`;
    accepted.set(ownerOf(first), [first]);
    return {
      secretString: first,
      accepts: async (secretString) => isAccepted(secretString),
      list: () => accepted.get(ownerOf(first)) ?? [],
      revoke: () => void accepted.set(ownerOf(first), [first]),
      state: () => accepted.get(ownerOf(first)),
    };
  },
});
