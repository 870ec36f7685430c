import { alternatingUsers, makeUser, rawHandler, readStored } from './raw-steps.ts';

/** Sends the administrator's password to whatever URL the rotated secret holds. */
export const handler = rawHandler({
  ...alternatingUsers,
  async setSecret({ SecretId, ClientRequestToken }) {
    await makeUser(await readStored(SecretId, { VersionId: ClientRequestToken }));
  },
});
