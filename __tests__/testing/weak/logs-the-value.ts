import { rawHandler, readStored, singleUser } from './raw-steps.ts';

export const handler = rawHandler({
  ...singleUser,
  async testSecret(event) {
    await singleUser.testSecret(event);
    console.log('Tested', await readStored(event.SecretId, { VersionId: event.ClientRequestToken }));
  },
});
