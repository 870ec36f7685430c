import { fileURLToPath } from 'node:url';
import { describeStrategy } from '../../../testing/describe-strategy.ts';

const entry = fileURLToPath(new URL('../../../lambda/password.ts', import.meta.url));
const hasPassword = async (secretString: string) => JSON.parse(secretString).password?.length > 0;

describeStrategy('password', {
  entry,
  trim: true,
  promise: 'overlap',
  target: async () => ({ secretString: '{"username":"user1","password":"today"}', accepts: hasPassword }),
});
