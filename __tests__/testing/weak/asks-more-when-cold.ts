import { rawHandler, readStored, singleUser } from './raw-steps.ts';

let isCold = true;

export const handler = rawHandler({
  ...singleUser,
  async finishSecret(event) {
    if (isCold) await readStored(event.SecretId, { VersionId: event.ClientRequestToken });
    isCold = false;
    await singleUser.finishSecret(event);
  },
});
