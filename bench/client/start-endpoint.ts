import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Mood, Order, Report } from './endpoint.ts';

export interface Endpoint {
  /** A client of the AWS SDK as everybody makes it, but for where it calls. */
  client(): SecretsManagerClient;
  become(mood: Mood): void;
  /** Since it was asked last, or since its mood changed. */
  calls(): Promise<number>;
  stop(): void;
}

/** Starts the endpoint in a process of its own, so that its work does not count as the reader's. */
export async function startEndpoint(): Promise<Endpoint> {
  const child = fork(fileURLToPath(new URL('endpoint.ts', import.meta.url)));
  const report = async () => ((await once(child, 'message')) as [Report])[0];
  const order = (message: Order) => void child.send(message);
  const ready = await report();
  const endpoint = `http://127.0.0.1:${'port' in ready ? ready.port : 0}`;
  return {
    client: () =>
      new SecretsManagerClient({
        endpoint,
        region: 'us-east-1',
        credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'bench' },
      }),
    become: (mood) => order({ mood }),
    async calls() {
      order({ count: true });
      const answer = await report();
      return 'calls' in answer ? answer.calls : Number.NaN;
    },
    stop: () => void child.kill(),
  };
}
