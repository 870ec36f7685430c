import { alternatingUsers, logIn, makeUser, rawHandler, readStored } from './raw-steps.ts';

export const handler = rawHandler({
  ...alternatingUsers,
  async setSecret({ SecretId, ClientRequestToken }) {
    const pending = await readStored(SecretId, { VersionId: ClientRequestToken });
    // «The pending password works, so an earlier attempt has done it all.»
    if ((await logIn(pending)) !== undefined) return;
    await makeUser(pending);
  },
});
