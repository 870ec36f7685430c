import type { InitTarget } from './init-target.ts';

export const password: InitTarget = {
  title: 'a password that the function makes',
  page: 'password.md',
  declaration: ({ declare, id, name }) => `import type { Construct } from 'constructs';
import { RotatedSecret, Rotation, Schedule } from 'rotaform';

export function ${declare}(scope: Construct): void {
  new RotatedSecret(scope, '${id}', {
    name: '${name}',
    initial: { username: 'user1' },
    rotation: Rotation.password(),
    schedule: Schedule.rate({ days: 30 }),
  });
}
`,
};
