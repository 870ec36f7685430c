import { randomUUID } from 'node:crypto';
import {
  administrator,
  alternatingUsers,
  createSecretWith,
  makeUser,
  newPassword,
  type RawEvent,
  rawHandler,
  read,
  readStored,
} from './raw-steps.ts';

/** A user for each rotation, made where its name is chosen. Whoever was current before is dropped at the end. */
export const handler = rawHandler({
  ...alternatingUsers,
  async createSecret(event) {
    if ((await read(event.SecretId, { VersionId: event.ClientRequestToken })) !== undefined) return;
    const current = await readStored(event.SecretId, { VersionStage: 'AWSCURRENT' });
    const made = { ...current, username: `app_${randomUUID()}`, password: newPassword() };
    await makeUser(made, current.username);
    await createSecretWith(() => made)(event);
  },
  setSecret: async () => {},
  async finishSecret(event: RawEvent) {
    await alternatingUsers.finishSecret(event);
    const before = await read(event.SecretId, { VersionStage: 'AWSPREVIOUS' });
    if (before === undefined) return;
    const session = await administrator(before.url);
    await session.run({ what: 'CREATE USER', user: before.username });
    await session.run({ what: 'DROP USER', user: before.username });
  },
});
