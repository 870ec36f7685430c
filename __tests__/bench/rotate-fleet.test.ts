import { describe, expect, it } from 'vitest';
import { deployedFleet, rotatedFleet } from '../../bench/rotate-fleet.ts';

describe('A fleet that shares one function', () => {
  it('has one permission statement and one policy of the same size, however many secrets there are', async () => {
    const [one, many] = [await deployedFleet(1), await deployedFleet(20)];
    expect(one.permissionStatements).toBe(1);
    expect(one.policyBytes).toBeGreaterThan(0);
    expect(many).toEqual({ ...one, secrets: 20 });
  });

  it('rotates each secret once a day, with six calls, far below the write limit of the account', async () => {
    const fleet = await rotatedFleet(20);
    expect(fleet).toMatchObject({ secrets: 20, rotations: 20, callsPerRotation: 6 });
    expect(fleet.peakWritesPerSecond).toBeLessThanOrEqual(50);
  });
});
