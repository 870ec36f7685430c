import { expect, it } from 'vitest';
import { lastStored } from '../../../lambda/rotation/last-stored.ts';

it('A process returns what it stored last once, and only for that version', () => {
  const version = { secretId: 'my-app/db', versionId: 'version 1' };
  expect(lastStored.take(version)).toBeUndefined();
  lastStored.keep(version, 'the value');
  expect(lastStored.take({ ...version, versionId: 'version 2' })).toBeUndefined();
  expect(lastStored.take({ ...version, secretId: 'my-app/other' })).toBeUndefined();
  expect(lastStored.take(version)).toBe('the value');
  expect(lastStored.take(version)).toBeUndefined();
  lastStored.keep(version, 'the value');
  lastStored.keep({ ...version, versionId: 'version 2' }, 'another value');
  expect(lastStored.take(version)).toBeUndefined();
});
