import { createPublicKey } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { describeStrategy } from '../../../../testing/index.ts';

describeStrategy('key pair, several fields', {
  entry: fileURLToPath(new URL('strategies/key-pair.ts', import.meta.url)),
  publicFields: ['kid'],
  promise: 'overlap',
  pairs: 6,
  target: async () => ({
    async accepts(secretString) {
      const { private_key, public_key } = JSON.parse(secretString);
      return createPublicKey(private_key).export({ type: 'spki', format: 'pem' }) === public_key;
    },
  }),
});
