import { type RotationContext, type RotationStrategy, rotationHandler, stringFields } from 'rotaform/lambda';
import * as v from 'valibot';

interface Login {
  readonly password: string;
  /** Stored in hexadecimal digits. */
  readonly key?: string | undefined;
}

const decoded = v.pipe(
  v.string(),
  v.transform((digits) => Buffer.from(digits, 'hex').toString()),
);

/** What authors of strategies get wrong, each under a name. */
const misbehaviours: Readonly<Record<string, (current: Login, context: RotationContext) => Promise<object>>> = {
  async 'throws the value'({ password }) {
    const cause = new TypeError(`the driver was given ${password}`, { cause: password });
    throw Object.assign(new Error(`cannot log in with ${JSON.stringify({ password })}`, { cause }), { password });
  },
  'throws a string': ({ password }) => Promise.reject(`no login with ${password}`),
  async 'throws a ring of causes'({ password }) {
    const error = new Error(`refused ${password}`);
    error.cause = error;
    throw error;
  },
  'throws at once': ({ password }) => {
    throw new RangeError(`${password} is out of range`);
  },
  'makes an unfit value': async () => ({ password: '' }),
  'makes a large value': async () => ({ blob: 'x'.repeat(65_536) }),
  'never settles': () => new Promise(() => {}),
  'heeds the signal': (_current, { signal }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
    }),
  async 'logs the value'({ password }, { log }) {
    const url = `https://app:${encodeURIComponent(password)}@db`;
    log(`with ${password}`, { password, url, [password]: [{ in: password }], level: 'ERROR', timestamp: 0 });
    return { password: 'another-password' };
  },
  async 'logs the value as it was stored'({ key = '' }, { log }) {
    log(`with ${key}, which was ${Buffer.from(key).toString('hex')}`);
    return { password: 'another-password' };
  },
  async 'prints the value'({ password }) {
    console.log('with', password, { inner: [password] });
    console.error(new Error(`refused ${password}`));
    for (const method of ['debug', 'info', 'trace', 'warn'] as const) console[method](method, password);
    console.info('nothing to hide', { kept: 1 });
    return { password: 'another-password' };
  },
};

export const handler = rotationHandler<Login, Login>(({ MISBEHAVIOUR = '' }): RotationStrategy<Login, Login> => {
  if (MISBEHAVIOUR === 'is never defined') return new Promise(() => {}) as never;
  return {
    current: v.object({ password: v.pipe(v.string(), v.trim()), key: v.optional(decoded) }),
    pending: stringFields('password'),
    create: (current, context) => misbehaviours[MISBEHAVIOUR]?.(current as Login, context) as Promise<Partial<Login>>,
    test: async () => {},
  };
});
