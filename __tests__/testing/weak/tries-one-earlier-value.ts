import { ListSecretVersionIdsCommand } from '@aws-sdk/client-secrets-manager';
import { client, logIn, rawHandler, read, readStored, singleUser } from './raw-steps.ts';

export const handler = rawHandler({
  ...singleUser,
  async setSecret({ SecretId, ClientRequestToken }) {
    const pending = await readStored(SecretId, { VersionId: ClientRequestToken });
    const current = await read(SecretId, { VersionStage: 'AWSCURRENT' });
    const { Versions = [] } = await client.send(new ListSecretVersionIdsCommand({ SecretId, IncludeDeprecated: true }));
    const [newest] = Versions.filter(({ VersionStages = [] }) => VersionStages.length === 0).sort(
      (a, b) => (b.CreatedDate?.getTime() ?? 0) - (a.CreatedDate?.getTime() ?? 0),
    );
    const session =
      (await logIn(current)) ??
      (await logIn(pending)) ??
      (newest?.VersionId && (await logIn(await read(SecretId, { VersionId: newest.VersionId }))));
    if (!session) throw new Error('The database refuses every password that was tried.');
    await session.run({ what: 'SET PASSWORD', user: pending.username, password: pending.password });
  },
});
