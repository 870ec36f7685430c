/** `rotaform/lambda`: what a rotation function is written with. */
export type { CheckContext, CheckReport, Look } from './check-context.ts';
export { readEnvironment } from './read-environment.ts';
export { RotationError, type RotationErrorCode } from './rotation-error.ts';
export { type Environment, type RotationHandler, rotationHandler } from './rotation-handler.ts';
export type { Change, CreateContext, RotationContext, RotationStrategy } from './rotation-strategy.ts';
export type { SecretFormat } from './secret-document.ts';
export { plainString, stringFields } from './string-fields.ts';
