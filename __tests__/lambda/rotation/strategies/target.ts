import { type Environment, RotationError, type RotationStrategy, rotationHandler, stringFields } from 'rotaform/lambda';

interface Login {
  readonly username: string;
  readonly password: string;
}

/** Changes a password at an HTTP target, which takes a new one from whoever knows the one in use. */
function targetStrategy({ TARGET_URL = '' }: Environment): RotationStrategy<Login, Login> {
  async function call(method: string, { username, password }: Login, signal: AbortSignal, body?: string) {
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const { status } = await fetch(TARGET_URL, { method, signal, headers: { authorization }, body: body ?? null });
    return status;
  }
  return {
    publicFields: ['username'],
    current: stringFields('username', 'password'),
    pending: stringFields('username', 'password'),

    create: async (_current, { versionId }) => ({ password: `generated-for-${versionId}` }),

    async set({ current, pending, earlier }, { signal, log }) {
      async function* candidates() {
        yield* [current, pending];
        yield* earlier();
      }
      let tried = 0;
      for await (const login of candidates()) {
        const status = await call('PUT', login, signal, pending.password);
        tried += 1;
        if (status === 204) return log(`changed the password of ${login.username}`, { tried, was: login.password });
        if (status === 422) throw new RotationError('POLICY', `The target refuses the value ${pending.password}.`);
      }
      throw new RotationError('AUTHENTICATION', `The target refused all ${tried} passwords of ${current.username}.`);
    },

    async test(pending, { signal }) {
      const status = await call('GET', pending, signal);
      if (status !== 200)
        throw new RotationError('AUTHENTICATION', `The target answered the new login with ${status}.`);
    },
  };
}

export const handler = rotationHandler(targetStrategy);
