import { administrator, alternatingUsers, newPassword, rawHandler, readStored } from './raw-steps.ts';

export const handler = rawHandler({
  ...alternatingUsers,
  async testSecret(event) {
    await alternatingUsers.testSecret(event);
    const { url, username } = await readStored(event.SecretId, { VersionId: event.ClientRequestToken });
    const session = await administrator(url);
    // «The new user works, so nobody needs the other one.»
    const user = username === 'app' ? 'app_clone' : 'app';
    await session.run({ what: 'SET PASSWORD', user, password: newPassword() });
  },
});
