import {
  type Environment,
  RotationError,
  type RotationStrategy,
  readEnvironment,
  rotationHandler,
  stringFields,
} from 'rotaform/lambda';

interface ApiKey {
  readonly key_id: string;
  readonly api_key: string;
}

/**
 * Rotates the key of an HTTP service that lets several keys work at once: the old one works until the rotation after
 * this one, so no application has to notice.
 */
function apiKeyStrategy(environment: Environment): RotationStrategy<ApiKey, ApiKey> {
  const { API_URL } = readEnvironment(stringFields('API_URL'), environment);

  async function call(method: string, path: string, apiKey: string, signal: AbortSignal) {
    const response = await fetch(new URL(path, API_URL), {
      method,
      signal,
      headers: { authorization: `Bearer ${apiKey}` },
    });
    if (response.ok) return response;
    const code = response.status === 401 ? 'AUTHENTICATION' : response.status >= 500 ? 'SERVICE' : 'CONFIGURATION';
    throw new RotationError(code, `${method} ${path} was answered with ${response.status}. Expected 200.`);
  }

  return {
    publicFields: ['key_id'],
    current: stringFields('key_id', 'api_key'),
    pending: stringFields('key_id', 'api_key'),

    async create(current, { versionId, signal }) {
      if (current === undefined)
        throw new RotationError('SECRET_VALUE', 'There is no first key. Store one to begin with.');
      // What earlier rotations left goes now, but neither the key in use nor the one that this rotation makes.
      await call('DELETE', `/keys?except=${current.key_id},${versionId}`, current.api_key, signal);
      // The version's id names the key: however often this runs, one rotation makes one key.
      const response = await call('PUT', `/keys/${versionId}`, current.api_key, signal);
      const { key } = (await response.json()) as { key: string };
      return { key_id: versionId, api_key: key };
    },

    async test({ api_key }, { signal }) {
      await call('GET', '/whoami', api_key, signal);
    },
  };
}

export const handler = rotationHandler(apiKeyStrategy);
