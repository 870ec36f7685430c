import { afterEach, expect, it, vi } from 'vitest';
import { rotationHandler, stringFields } from '../../../lambda/rotation/index.ts';

afterEach(() => void vi.useRealTimers());

it('An invocation leaves no timer to the next one in its process', async () => {
  vi.useFakeTimers();
  const strategy = { current: stringFields(), pending: stringFields(), create: async () => ({}), test: async () => {} };
  const handler = rotationHandler(() => strategy);
  await expect(handler({}, { getRemainingTimeInMillis: () => 30_000 })).rejects.toMatchObject({
    name: 'RotationError',
  });
  expect(vi.getTimerCount()).toBe(0);
});
