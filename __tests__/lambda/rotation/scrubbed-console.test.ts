import { expect, it } from 'vitest';
import { withScrubbedConsole } from '../../../lambda/rotation/scrubbed-console.ts';
import { Scrubber } from '../../../lambda/rotation/scrubber.ts';

it('The console is its own again after the work, whether that succeeded or not', async () => {
  const before = { ...console };
  await withScrubbedConsole(new Scrubber(), async () => expect(console.log).not.toBe(before.log));
  expect({ ...console }).toEqual(before);
  const failing = withScrubbedConsole(new Scrubber(), () => Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
  expect({ ...console }).toEqual(before);
});
