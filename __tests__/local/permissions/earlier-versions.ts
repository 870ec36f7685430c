import { rotationHandler, stringFields } from '../../../lambda/rotation/index.ts';

/** A strategy that looks at earlier versions, because an abandoned rotation may have changed its target. */
export const handler = rotationHandler(() => ({
  current: stringFields(),
  pending: stringFields('password'),
  create: async () => ({ password: 'made-for-a-test' }),
  async set({ earlier }) {
    for await (const _ of earlier()) return;
  },
  test: async () => {},
}));
