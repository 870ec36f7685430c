import { request } from 'node:http';
import { json } from 'node:stream/consumers';

/** Asks an HTTP service. `fetch` would do, but loads 50 ms longer in each new process. */
export function postJson(
  url: string,
  body: object,
  signal?: AbortSignal,
): Promise<{ status: number; answer: Readonly<Record<string, unknown>> }> {
  return new Promise((resolve, reject) => {
    request(url, { method: 'POST', agent: false, ...(signal && { signal }) }, (response) => {
      const status = response.statusCode ?? 0;
      json(response).then((answer) => resolve({ status, answer: answer as Record<string, unknown> }), reject);
    })
      .on('error', reject)
      .end(JSON.stringify(body));
  });
}
