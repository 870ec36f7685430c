import { afterEach, expect, it, vi } from 'vitest';
import { rotationHandler, stringFields } from '../../../lambda/rotation/index.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it('An invocation leaves no timer for the next one in its process', async () => {
  vi.useFakeTimers();
  // The line that tells of the failure.
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const strategy = { current: stringFields(), pending: stringFields(), create: async () => ({}), test: async () => {} };
  const handler = rotationHandler(() => strategy);
  await expect(handler({}, { getRemainingTimeInMillis: () => 30_000 })).rejects.toMatchObject({
    name: 'RotationError',
  });
  expect(vi.getTimerCount()).toBe(0);
  expect(write).toHaveBeenCalledOnce();
});
