import { logIn, rawHandler, read, readStored, singleUser } from './raw-steps.ts';

export const handler = rawHandler({
  ...singleUser,
  async setSecret({ SecretId, ClientRequestToken }) {
    const pending = await readStored(SecretId, { VersionId: ClientRequestToken });
    const current = await read(SecretId, { VersionStage: 'AWSCURRENT' });
    const session = (await logIn(current)) ?? (await logIn(pending));
    if (session === undefined) throw new Error('The database refuses the current password and the pending one.');
    await session.run({ what: 'SET PASSWORD', user: pending.username, password: pending.password });
  },
});
