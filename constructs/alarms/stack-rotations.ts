import type { SecretsmanagerSecretRotation } from '@cdktf/provider-aws/lib/secretsmanager-secret-rotation/index.js';
import { Aspects, TerraformStack } from 'cdktf';
import type { Construct, IConstruct } from 'constructs';
import { warn } from '../checks/warn.ts';
import type { RotationFunction } from '../rotation-function.ts';

/** A secret that rotates: `RotatedSecret`, or what `RotatedSecret.existing` gives. */
export interface RotatingSecret extends IConstruct {
  readonly secretArn: string;
  readonly rotation: SecretsmanagerSecretRotation;
  readonly rotationFunction: RotationFunction;
}

const names = new WeakMap<SecretsmanagerSecretRotation, string>();

/** Its name, or how that begins, as it was declared. */
export function secretNameOf({ rotation }: RotatingSecret): string | undefined {
  return names.get(rotation);
}

type OnRotation = (secret: RotatingSecret) => void;

/** The secrets of one stack that rotate, and which of them have an alarm. */
class StackRotations {
  readonly secrets: RotatingSecret[] = [];
  readonly watched = new Set<SecretsmanagerSecretRotation>();
  readonly #onRotation: OnRotation[] = [];
  /** Whether somebody said that alarms are elsewhere. */
  elsewhere = false;

  constructor(stack: TerraformStack) {
    let warned = false;
    Aspects.of(stack).add({
      visit: (node) => {
        if (node !== stack || warned || this.elsewhere) return;
        const count = this.secrets.filter(({ rotation }) => !this.watched.has(rotation)).length;
        if (count === 0) return;
        warned = true;
        warn(
          stack,
          `Nobody is told when a rotation fails: ${count} of the stack's secrets ${count === 1 ? 'has' : 'have'} no alarm. Add ` +
            "new RotationAlarms(stack, 'alarms', { email: 'team@example.com' }), or RotationAlarms.elsewhere(stack) if " +
            'something else watches them.',
        );
      },
    });
  }

  add(secret: RotatingSecret, name: string): void {
    names.set(secret.rotation, name);
    this.secrets.push(secret);
    for (const tell of this.#onRotation) tell(secret);
  }

  /** Tells of every secret, of those that are declared later as well. */
  each(tell: OnRotation): void {
    for (const secret of this.secrets) tell(secret);
    this.#onRotation.push(tell);
  }
}

const known = new WeakMap<TerraformStack, StackRotations>();

/** The secrets of the scope's stack that rotate. */
export function stackRotations(scope: Construct): StackRotations {
  const stack = TerraformStack.of(scope);
  const found = known.get(stack) ?? new StackRotations(stack);
  known.set(stack, found);
  return found;
}

/**
 * How the names of a fleet's secrets begin, if all of them that were declared so far are watched: limits of AWS then do not count
 * them.
 */
export function watchedFleet(
  { rotationFunction }: RotatingSecret,
  secrets: readonly RotatingSecret[],
): string | undefined {
  const { secretNamePrefix } = rotationFunction;
  if (secretNamePrefix === undefined) return undefined;
  const watched = new Set(secrets.map(({ rotation }) => rotation));
  const all = stackRotations(rotationFunction).secrets.filter((secret) => secret.rotationFunction === rotationFunction);
  return all.every(({ rotation }) => watched.has(rotation)) ? secretNamePrefix : undefined;
}
