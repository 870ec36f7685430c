import { postJson } from '../../lambda/rotation/contract/strategies/post-json.ts';
import { promote, rawHandler, readStored, singleUser } from './raw-steps.ts';

/** «Whatever it answers, it has answered.» */
const ask = async (url: string, body: object) => (await postJson(url, body)).answer;

export const handler = rawHandler({
  ...singleUser,
  async setSecret({ SecretId, ClientRequestToken }) {
    const { url, username, password } = await readStored(SecretId, { VersionId: ClientRequestToken });
    const { session } = await ask(url, await readStored(SecretId, { VersionStage: 'AWSCURRENT' }));
    await ask(url, { session, what: 'SET PASSWORD', user: username, password });
  },
  async testSecret({ SecretId, ClientRequestToken }) {
    const pending = await readStored(SecretId, { VersionId: ClientRequestToken });
    await ask(pending.url, pending);
  },
  finishSecret: promote,
});
