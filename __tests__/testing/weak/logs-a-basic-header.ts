import { rawHandler, readStored, singleUser } from './raw-steps.ts';

export const handler = rawHandler({
  ...singleUser,
  async testSecret(event) {
    await singleUser.testSecret(event);
    const { username, password } = await readStored(event.SecretId, { VersionId: event.ClientRequestToken });
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    console.log({ headers: { authorization } });
  },
});
