import { promote, rawHandler, readStored, singleUser } from './raw-steps.ts';

export const handler = rawHandler({
  ...singleUser,
  async finishSecret(event) {
    await readStored(event.SecretId, { VersionId: event.ClientRequestToken });
    await promote(event);
  },
});
