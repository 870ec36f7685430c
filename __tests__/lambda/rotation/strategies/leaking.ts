import { setTimeout as sleep } from 'node:timers/promises';
import { type RotationStrategy, rotationHandler, stringFields } from 'rotaform/lambda';
import { waysOut } from './ways-out.ts';

interface Login {
  /** A string, or a number. */
  readonly value: unknown;
}

/** Lets a value out. The secret's name begins with the way. */
const leaking: RotationStrategy<Login, Login> = {
  publicFields: ['user'],
  current: stringFields() as RotationStrategy<Login, Login>['current'],
  pending: stringFields() as RotationStrategy<Login, Login>['pending'],
  async create(current, context) {
    await waysOut[context.secretId.split(' | ')[0] ?? '']?.(String(current?.value), context);
    await sleep(5);
    return {};
  },
  test: async () => {},
};

export const handler = rotationHandler(() => leaking);
