import { RotationError, type RotationStrategy, readEnvironment, rotationHandler, stringFields } from 'rotaform/lambda';

/** Rotates the key of an HTTP service that lets several keys work at once. */
export const handler = rotationHandler((environment): RotationStrategy<ApiKey, ApiKey> => {
  const { API_URL } = readEnvironment(stringFields('API_URL'), environment);

  async function call(method: string, path: string, key: string, signal: AbortSignal): Promise<Response> {
    const headers = { authorization: `Bearer ${key}` };
    const answer = await fetch(new URL(path, API_URL), { method, headers, signal });
    if (answer.ok) return answer;
    const code = answer.status === 401 ? 'AUTHENTICATION' : answer.status >= 500 ? 'SERVICE' : 'CONFIGURATION';
    throw new RotationError(code, `${method} ${path} was answered with ${answer.status}. Expected 200.`);
  }
  return {
    publicFields: ['key_id'],
    current: stringFields('key_id', 'api_key'), // what is stored before a rotation
    pending: stringFields('key_id', 'api_key'), // what is stored after create
    async create(current, { versionId, signal }) {
      if (current === undefined) throw new RotationError('SECRET_VALUE', 'The secret has no key. Store the first one.');
      // The keys of earlier rotations go now. The current one stays, and so does the one that this rotation makes.
      await call('DELETE', `/keys?except=${current.key_id},${versionId}`, current.api_key, signal);
      // The version's id names the key: however often this runs, one rotation makes one key.
      const answer = await call('PUT', `/keys/${versionId}`, current.api_key, signal);
      const { key } = (await answer.json()) as { key: string };
      return { key_id: versionId, api_key: key };
    },
    async test({ api_key }, { signal }) {
      await call('GET', '/whoami', api_key, signal);
    },
  };
});

type ApiKey = { readonly key_id: string; readonly api_key: string };
