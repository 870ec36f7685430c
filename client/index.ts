/** `rotaform-client`: what an application imports to read a secret that rotates. */
export type { ReadEvent, RefusedEvent, RejectedEvent, RotatedEvent } from './diagnostics.ts';
export { credentialGuard, loginGuard } from './login-guard.ts';
export type { SecretContent } from './read-value.ts';
export type { CandidateOptions, RetryOptions, RotatingSecret, SecretStatus } from './rotating-secret.ts';
export { SecretReadError, type SecretReadErrorCode } from './secret-read-error.ts';
export {
  type SecretOptions,
  type SecretsCache,
  type SecretsCacheOptions,
  type SecretsCacheStats,
  secretsCache,
} from './secrets-cache.ts';
export type { SecretsManager, VersionAnswer } from './secrets-manager.ts';
export type { StandardSchema } from './standard-schema.ts';
