/** A program that does nothing but read, from a Secrets Manager that never answers and keeps no socket open. */
import { secretsCache } from '../../client/index.ts';

const client = { getSecretValue: () => new Promise<never>(() => {}) };
await secretsCache({ client, timeoutSeconds: 0.2 }).secret('db').get();
