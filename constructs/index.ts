/** `rotaform`: secrets that rotate, declared. */

export type { RotationAlarmsProps } from './alarms/check-alarm-props.ts';
export type { RotatingSecret } from './alarms/stack-rotations.ts';
export type { CodeSigning } from './code/signed-code.ts';
export { ConstructError, type ConstructErrorCode } from './construct-error.ts';
export { EphemeralVariable } from './ephemeral-variable.ts';
export { type EnvironmentCredentials, fromEnvironment } from './from-environment.ts';
export { type FromSecretOptions, fromSecret, type SecretCredentials } from './from-secret.ts';
export type { Network } from './network/network.ts';
export {
  type EcsServiceOptions,
  type EventBusOptions,
  OnRotated,
  type QueueOptions,
  type TopicOptions,
  type WebhookOptions,
} from './on-rotated.ts';
export type { ReadGrant, ReadOptions } from './permissions/read-grant.ts';
export type { KeyPolicyStatement } from './permissions/read-statements.ts';
export type { ReaderOption } from './permissions/reader.ts';
export type { ResourcePolicyProps } from './permissions/secret-access.ts';
export type { ResourcePolicy } from './policy/policy-statement.ts';
export type { SecretPolicy } from './policy/secret-policy.ts';
export { RefreshSchedule } from './refresh-schedule.ts';
export { RotatedSecret, type RotatedSecretProps } from './rotated-secret.ts';
export { Rotation } from './rotation.ts';
export { RotationAlarms } from './rotation-alarms.ts';
export { RotationFunction } from './rotation-function.ts';
export type { RotationFunctionOptions, RotationFunctionProps } from './rotation-function-props.ts';
export { type RateInterval, Schedule, type ScheduleOptions } from './schedule.ts';
export type { SecretProps } from './secret/declared-secret.ts';
export type { ExistingSecretProps } from './secret/existing-secret.ts';
export type { InitialValue } from './secret/initial-value.ts';
export type { Replica } from './secret/replicas.ts';
export type { SecretName } from './secret/secret-name.ts';
export { SecretRotation, type SecretRotationProps } from './secret-rotation.ts';
export { SecretsManagerEndpoint, type SecretsManagerEndpointProps } from './secrets-manager-endpoint.ts';
export { StaticSecret, type StaticSecretProps } from './static-secret.ts';
export type { CustomRotationOptions } from './targets/custom.ts';
export type { GoogleAccessTokenOptions } from './targets/google-access-token.ts';
export type { MysqlRotationOptions } from './targets/mysql.ts';
export type { Auth0RotationOptions, OauthTokenRotationOptions } from './targets/oauth-token.ts';
export type { PostgresRotationOptions } from './targets/postgres.ts';
export { type ProviderOption, setProvider } from './terraform/provider.ts';
export { type WorkloadIdentity, type WorkloadIdentityOptions, workloadIdentity } from './workload-identity.ts';
