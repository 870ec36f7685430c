import { setTimeout as sleep } from 'node:timers/promises';
import { type RotationStrategy, rotationHandler, stringFields } from 'rotaform/lambda';

/** Takes its time: what a person does in the meantime must not be undone. */
const slow: RotationStrategy<{ password: string }, { password: string }> = {
  current: stringFields('password'),
  pending: stringFields('password'),

  async create() {
    await sleep(2_100);
    return { password: 'the-second-password' };
  },

  async set(_passwords, { isPending, log }) {
    log('Before', { isPending: await isPending() });
    await sleep(500);
    log('After', { isPending: await isPending() });
  },

  test: async () => {},
};

export const handler = rotationHandler(() => slow);
