import { promote, rawHandler, singleUser } from './raw-steps.ts';

let set: string | undefined;

/** «What this process has set a moment ago works.» */
export const handler = rawHandler({
  ...singleUser,
  async setSecret(event) {
    await singleUser.setSecret(event);
    set = event.ClientRequestToken;
  },
  async testSecret(event) {
    if (set !== event.ClientRequestToken) await singleUser.testSecret(event);
  },
  async finishSecret(event) {
    await (set === event.ClientRequestToken ? promote(event) : singleUser.finishSecret(event));
  },
});
