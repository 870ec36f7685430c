import { type Environment, RotationError, type RotationStrategy, rotationHandler, stringFields } from 'rotaform/lambda';

interface Login {
  readonly host: string;
  readonly username: string;
  readonly password: string;
}

/** Reads an administrator's secret, and says all it knows: what may be read is seen in the log. */
function adminStrategy({ ADMIN_SECRET = '' }: Environment): RotationStrategy<Login, Login> {
  return {
    publicFields: ['host', 'username'],
    current: stringFields('host', 'username', 'password'),
    pending: stringFields('host', 'username', 'password'),
    async create(_current, { secret }) {
      await secret(ADMIN_SECRET, stringFields('password'));
      return { password: 'the-second-password' };
    },
    async set({ current, pending }, { secret, log }) {
      const admin = await secret(ADMIN_SECRET, stringFields('username', 'password'));
      log(`${admin.username}:${admin.password} gives ${current.username}@${current.host} ${pending.password}`);
      throw new RotationError('SERVICE', `${current.host} refuses ${admin.password} and ${current.password}.`);
    },
    test: async () => {},
  };
}

export const handler = rotationHandler(adminStrategy);
