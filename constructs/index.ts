/** `rotaform`: secrets that rotate, declared. */
export { ConstructError, type ConstructErrorCode } from './construct-error.ts';
export type { SecretProps } from './declared-secret.ts';
export { EphemeralVariable } from './ephemeral-variable.ts';
export type { ExistingSecretProps } from './existing-secret.ts';
export type { InitialValue } from './initial-value.ts';
export { RotatedSecret, type RotatedSecretProps } from './rotated-secret.ts';
export { type CustomRotationOptions, Rotation } from './rotation.ts';
export { RotationFunction } from './rotation-function.ts';
export type { RotationFunctionOptions, RotationFunctionProps } from './rotation-function-props.ts';
export { type RateInterval, Schedule, type ScheduleOptions } from './schedule.ts';
export type { SecretName } from './secret-name.ts';
export { SecretRotation, type SecretRotationProps } from './secret-rotation.ts';
export { StaticSecret, type StaticSecretProps } from './static-secret.ts';
