import { generateKeyPairSync, randomUUID, sign, verify } from 'node:crypto';
import { RotationError, type RotationStrategy, rotationHandler, stringFields } from 'rotaform/lambda';

interface KeyPair {
  readonly kid: string;
  readonly private_key: string;
  readonly public_key: string;
}

/** Three fields that belong together, and nothing at all before the first rotation. */
const keyPair: RotationStrategy<unknown, KeyPair> = {
  publicFields: ['kid'],
  current: stringFields(),
  pending: stringFields('kid', 'private_key', 'public_key'),

  async create() {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519', {
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    return { kid: randomUUID(), private_key: privateKey, public_key: publicKey };
  },

  async test({ kid, private_key, public_key }) {
    const message = Buffer.from(kid);
    if (verify(null, message, public_key, sign(null, message, private_key))) return;
    throw new RotationError('SECRET_VALUE', 'The two keys are not of one pair.');
  },
};

export const handler = rotationHandler(() => keyPair);
