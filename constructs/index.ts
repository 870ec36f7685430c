/** `rotaform`: secrets that rotate, declared. */

export type { CodeSigning } from './code/signed-code.ts';
export { ConstructError, type ConstructErrorCode } from './construct-error.ts';
export { EphemeralVariable } from './ephemeral-variable.ts';
export { type EnvironmentCredentials, fromEnvironment } from './from-environment.ts';
export { type FromSecretOptions, fromSecret, type SecretCredentials } from './from-secret.ts';
export type { Network } from './network/network.ts';
export type { ReadGrant, ReadOptions } from './permissions/read-grant.ts';
export { RefreshSchedule } from './refresh-schedule.ts';
export { RotatedSecret, type RotatedSecretProps } from './rotated-secret.ts';
export { type CustomRotationOptions, Rotation } from './rotation.ts';
export { RotationFunction } from './rotation-function.ts';
export type { RotationFunctionOptions, RotationFunctionProps } from './rotation-function-props.ts';
export { type RateInterval, Schedule, type ScheduleOptions } from './schedule.ts';
export type { SecretProps } from './secret/declared-secret.ts';
export type { ExistingSecretProps } from './secret/existing-secret.ts';
export type { InitialValue } from './secret/initial-value.ts';
export type { SecretName } from './secret/secret-name.ts';
export { SecretRotation, type SecretRotationProps } from './secret-rotation.ts';
export { SecretsManagerEndpoint, type SecretsManagerEndpointProps } from './secrets-manager-endpoint.ts';
export { StaticSecret, type StaticSecretProps } from './static-secret.ts';
export type { GoogleAccessTokenOptions } from './targets/google-access-token.ts';
export type { Auth0RotationOptions, OauthTokenRotationOptions } from './targets/oauth-token.ts';
export type { PostgresRotationOptions } from './targets/postgres.ts';
export { type ProviderOption, setProvider } from './terraform/provider.ts';
export { type WorkloadIdentity, type WorkloadIdentityOptions, workloadIdentity } from './workload-identity.ts';
