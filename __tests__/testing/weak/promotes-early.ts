import { rawHandler, singleUser } from './raw-steps.ts';

export const handler = rawHandler({
  ...singleUser,
  async setSecret(event) {
    await singleUser.setSecret(event);
    await singleUser.finishSecret(event);
  },
});
