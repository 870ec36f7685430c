import type { InitTarget } from './init-target.ts';

export const password: InitTarget = {
  title: 'a password that the function makes',
  page: 'password.md',
  declaration: ({ declare, framework, id, name }) => `import type { Construct } from 'constructs';
import { RotatedSecret, Rotation, Schedule } from '${framework.constructs}';

export function ${declare}(scope: Construct): void {
  new RotatedSecret(scope, '${id}', {
    name: '${name}',
    initial: { username: 'user1' },
    rotation: Rotation.password(),
    schedule: Schedule.rate({ days: 30 }),
  });
}
`,
  hcl: ({ label, modules, name }) => `module "${label}" {
  source   = "${modules}/password"
  name     = "${name}"
  initial  = { username = "user1" }
  schedule = { rate_days = 30 }
}
`,
};
