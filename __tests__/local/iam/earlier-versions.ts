import { rotationHandler, stringFields } from '../../../lambda/rotation/index.ts';

/** A strategy that looks at the older versions, as one does whose target was left behind by an abandoned rotation. */
export const handler = rotationHandler(() => ({
  current: stringFields(),
  pending: stringFields('password'),
  create: async () => ({ password: 'made-for-a-test' }),
  async set({ earlier }) {
    for await (const _ of earlier()) return;
  },
  test: async () => {},
}));
