import { RotationError, rotationHandler, stringFields } from '../../../../lambda/rotation/index.ts';

const login = stringFields('username', 'password');

/** A strategy whose check does what it must not, and tells what it must not. */
export const handler = rotationHandler(() => ({
  publicFields: ['username'],
  current: login,
  pending: login,
  create: async () => ({ password: 'another password' }),
  test: async () => {},
  async check(current, { look, skip, newValue, isPending, changeBack, versionId }) {
    const { username = '', password = '' } = current ?? {};
    await look(`The login of ${username}`, () => {
      throw new RotationError('AUTHENTICATION', `It refuses ${password}.`);
    });
    skip('The quota', `Nobody knows the quota of ${password}.`);
    await look('The context', async () => {
      const touched: string[] = [];
      const back = async () => void touched.push('back');
      await changeBack({ back, again: back });
      if (versionId !== 'check' || touched.length > 0 || (await isPending())) throw new Error('A rotation is pending.');
    });
    await look('A new value', newValue);
    throw new Error(`broken by ${password}`);
  },
}));
