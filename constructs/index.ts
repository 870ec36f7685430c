/** `rotaform`: secrets that rotate, declared. */
export { ConstructError, type ConstructErrorCode } from './construct-error.ts';
export { EphemeralVariable } from './ephemeral-variable.ts';
export type { InitialValue } from './initial-value.ts';
export { RotatedSecret, type RotatedSecretProps } from './rotated-secret.ts';
export { type CustomRotationOptions, Rotation } from './rotation.ts';
export { RotationFunction, type RotationFunctionOptions, type RotationFunctionProps } from './rotation-function.ts';
export { type RateInterval, Schedule, type ScheduleOptions } from './schedule.ts';
export type { SecretName } from './secret-name.ts';
