import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { provedVersions } from '../../../lambda/rotation/proved-versions.ts';

describe('The versions that a process has proved', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const version = (nth: number) => ({ secretId: 'my-app/db', versionId: `version ${nth}` });

  it('are at most a thousand', () => {
    for (let nth = 1; nth <= 1_000; nth += 1) provedVersions.add(version(nth));
    expect(provedVersions.has(version(1))).toBe(true);
    expect(provedVersions.has(version(1_000))).toBe(true);
    expect(provedVersions.has({ ...version(1), secretId: 'my-app/other' })).toBe(false);
    provedVersions.add(version(1_001));
    expect(provedVersions.has(version(1))).toBe(false);
    expect(provedVersions.has(version(1_001))).toBe(true);
  });

  it('have to be proved again after five seconds', () => {
    provedVersions.add(version(1));
    vi.advanceTimersByTime(4_999);
    expect(provedVersions.has(version(1))).toBe(true);
    vi.advanceTimersByTime(1);
    expect(provedVersions.has(version(1))).toBe(false);
  });

  it('have to be proved again after five seconds, although somebody sets the clock back', () => {
    provedVersions.add(version(1));
    vi.setSystemTime(Date.now() - 3_600_000);
    vi.advanceTimersByTime(5_000);
    expect(provedVersions.has(version(1))).toBe(false);
  });

  it('have to be proved again after they are set again', () => {
    provedVersions.add(version(1));
    provedVersions.forget(version(1));
    expect(provedVersions.has(version(1))).toBe(false);
  });
});
