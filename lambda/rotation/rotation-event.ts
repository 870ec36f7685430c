import { kindOf } from '../../rules/kind-of.ts';
import { RotationError } from './rotation-error.ts';

const steps = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;

/** One of the four steps. */
export type RotationStep = (typeof steps)[number];

/**
 * What Secrets Manager sends.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
 */
export interface RotationEvent {
  readonly Step: RotationStep;
  /** The secret's ARN; a name is taken too. */
  readonly SecretId: string;
  /** The pending version's id, 32 to 64 characters. */
  readonly ClientRequestToken: string;
  /** Proof that Secrets Manager asked, 36 to 256 characters: `PutSecretValue` needs it across accounts. */
  readonly RotationToken?: string;
}

/** What `rotaform preflight` sends, to learn whether a rotation would fail. */
export interface CheckEvent {
  readonly Step: 'check';
  /** The secret's whole ARN. */
  readonly SecretId: string;
}

/** @returns undefined for any other event */
export function readCheckEvent(event: unknown): CheckEvent | undefined {
  const { Step, SecretId } = Object(event) as Record<string, unknown>;
  return Step === 'check' && isText(SecretId, 1, 2048) ? (event as CheckEvent) : undefined;
}

/** @throws EVENT where the function was invoked with anything else */
export function readRotationEvent(event: unknown): RotationEvent {
  const { Step, SecretId, ClientRequestToken, RotationToken } = (event ?? {}) as Record<string, unknown>;
  const problems = [
    (steps as readonly unknown[]).includes(Step) || `Step is ${kindOf(Step)}, expected one of ${steps.join(', ')}`,
    isText(SecretId, 1, 2048) || `SecretId is ${kindOf(SecretId)}, expected the secret's ARN`,
    isText(ClientRequestToken, 32, 64) || 'ClientRequestToken is not a version id of 32 to 64 characters',
    RotationToken === undefined || isText(RotationToken, 36, 256) || 'RotationToken has not 36 to 256 characters',
  ].filter((problem) => problem !== true);
  if (problems.length === 0) return event as RotationEvent;
  throw new RotationError(
    'EVENT',
    `This is not a rotation step: ${problems.join('; ')}. Let Secrets Manager invoke the function: call RotateSecret.`,
  );
}

/** The secret's name: what an ARN's last part holds before the six characters that Secrets Manager adds. */
export function secretName(secretId: string): string {
  return secretId.startsWith('arn:')
    ? secretId
        .split(':')
        .slice(6)
        .join(':')
        .replace(/-[A-Za-z0-9]{6}$/, '')
    : secretId;
}

function isText(value: unknown, least: number, most: number): boolean {
  return typeof value === 'string' && value.length >= least && value.length <= most;
}
