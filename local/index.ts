export type { Account, Caller } from './account.ts';
export type { AccountEvents, FunctionFailure, RotationStep } from './account-events.ts';
export { AwsError } from './aws-error.ts';
export { type Clock, type Duration, systemClock } from './clock.ts';
export { type Deployed, type DeployOptions, deploy } from './deploy/deploy.ts';
export { type LocalAws, type LocalAwsOptions, localAws } from './local-aws.ts';
export type { RotationOutcome } from './secrets-manager/rotation.ts';
export type { RotationSettings } from './secrets-manager/rotation-settings.ts';
