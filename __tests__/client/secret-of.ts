import { onTestFinished } from 'vitest';
import { secretsCache } from '../../client/index.ts';
import { answering, version } from './answering-client.ts';

/** A secret without a server, whose reads bring these one after the other, or what they promise; an Error is thrown. */
export function secretOf(...values: readonly unknown[]) {
  const answers = values.map((value, index) => {
    if (value instanceof Error) return value;
    return value instanceof Promise ? value.then((later) => version(`${index}`, later)) : version(`${index}`, value);
  });
  const { client, asked } = answering(...answers);
  const cache = secretsCache({ client });
  onTestFinished(() => cache.close());
  return { secret: cache.secret('db'), asked };
}
