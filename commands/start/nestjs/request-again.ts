import { setTimeout as sleep } from 'node:timers/promises';

export interface Requests {
  answered: number;
  /** Answered with an error, or not at all: what a user of the service would have seen. */
  failed: number;
}

/** Users who ask the service for the same page again and again, until they are stopped. */
export function requestAgain(url: string, users: number): { readonly requests: Requests; stop(): Promise<void> } {
  const requests: Requests = { answered: 0, failed: 0 };
  let isStopped = false;
  const user = async () => {
    while (!isStopped) {
      const isAnswered = await fetch(url).then(
        async (response) => {
          await response.arrayBuffer();
          return response.ok;
        },
        () => false,
      );
      if (isAnswered) requests.answered += 1;
      else requests.failed += 1;
      await sleep(5);
    }
  };
  const all = Promise.all(Array.from({ length: users }, user));
  return {
    requests,
    async stop() {
      isStopped = true;
      await all;
    },
  };
}
