import { custom } from './custom.ts';
import type { InitTarget } from './init-target.ts';
import { mysql } from './mysql.ts';
import { oauthToken } from './oauth-token.ts';
import { password } from './password.ts';
import { postgres } from './postgres.ts';

/** What `rotaform init` can declare. */
export const initTargets: Readonly<Record<string, InitTarget>> = {
  password,
  postgres,
  mysql,
  'oauth-token': oauthToken,
  custom,
};
