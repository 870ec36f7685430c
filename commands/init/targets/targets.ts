import type { TargetName } from '../../../rules/targets.ts';
import { custom } from './custom.ts';
import type { InitTarget } from './init-target.ts';
import { mysql } from './mysql.ts';
import { oauthToken } from './oauth-token.ts';
import { password } from './password.ts';
import { postgres } from './postgres.ts';

/** Every target, so that none is forgotten; `undefined` for those that init cannot declare yet. */
const all: Readonly<Record<TargetName | 'custom', InitTarget | undefined>> = {
  password,
  postgres,
  mysql,
  'google-access-token': undefined,
  'oauth-token': oauthToken,
  custom,
};

/** What `rotaform init` can declare. */
export const initTargets: Readonly<Record<string, InitTarget>> = Object.fromEntries(
  Object.entries(all).flatMap(([name, target]) => (target === undefined ? [] : [[name, target]])),
);
