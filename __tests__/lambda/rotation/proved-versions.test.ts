import { expect, it } from 'vitest';
import { provedVersions } from '../../../lambda/rotation/proved-versions.ts';

it('A process remembers the thousand versions that it has proved, and no more', () => {
  const version = (nth: number) => ({ secretId: 'my-app/db', versionId: `version ${nth}` });
  for (let nth = 1; nth <= 1_000; nth += 1) provedVersions.add(version(nth));
  expect(provedVersions.has(version(1))).toBe(true);
  expect(provedVersions.has(version(1_000))).toBe(true);
  expect(provedVersions.has({ ...version(1), secretId: 'my-app/other' })).toBe(false);
  provedVersions.add(version(1_001));
  expect(provedVersions.has(version(1))).toBe(false);
  expect(provedVersions.has(version(1_001))).toBe(true);
});
