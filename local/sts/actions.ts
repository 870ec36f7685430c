import type { Action } from '../action.ts';
import { assumeRole } from './assume-role.ts';
import { getCallerIdentity } from './get-caller-identity.ts';

/** Every action of the API that works here, by AWS's name for it. */
export const actions: ReadonlyMap<string, Action<never, unknown>> = new Map<string, Action<never, unknown>>([
  ['AssumeRole', assumeRole],
  ['GetCallerIdentity', getCallerIdentity],
]);
