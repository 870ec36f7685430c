import { describe, expect, it } from 'vitest';
import { drawRotation } from '../../commands/draw-rotation.ts';
import type { RotationRecord } from '../../commands/rotation-record.ts';

const before = [{ versionId: 'version-11111111', stages: ['AWSCURRENT'] }];
const during = [...before, { versionId: 'version-22222222', stages: ['AWSPENDING'] }];
const after = [
  { versionId: 'version-11111111', stages: ['AWSPREVIOUS'] },
  { versionId: 'version-22222222', stages: ['AWSCURRENT'] },
];

function draw(more: Partial<RotationRecord> = {}): string[] {
  const picture = drawRotation({
    secretName: 's',
    versionId: 'version-22222222',
    steps: [],
    attempts: 1,
    versions: { before, during, after },
    ...more,
  });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the colors of a terminal
  const lines = picture.replaceAll(/\u001b\[\d+m/g, '').split('\n');
  return lines.map((line) => line.trim()).filter((line) => /\w/.test(line));
}

describe('the picture of a rotation', () => {
  it('leaves out the time line, costs and values if nobody observed them', () => {
    expect(draw()).toEqual([
      's rotated',
      '│ version   │ before     │ during     │ after       │',
      '│ …11111111 │ AWSCURRENT │ AWSCURRENT │ AWSPREVIOUS │',
      '│ …22222222 │ –          │ AWSPENDING │ AWSCURRENT  │',
    ]);
  });

  it('leaves out a moment that was too short to be seen', () => {
    const [, head, first] = draw({ versions: { before, during: [], after } });
    expect(head).toBe('│ version   │ before     │ after       │');
    expect(first).toBe('│ …11111111 │ AWSCURRENT │ AWSPREVIOUS │');
  });

  it('shows the number of calls only if all of them were counted', () => {
    const steps = [{ step: 'createSecret', durationMs: 250, calls: 4 }] as const;
    expect(draw({ steps: [...steps] })[0]).toBe('s rotated in 0.25 s, with 4 calls to Secrets Manager');
    const [headline, create, set] = draw({ steps: [...steps, { step: 'setSecret', durationMs: 250 }] });
    expect(headline).toBe('s rotated in 0.50 s');
    expect(create).toMatch(/^createSecret +━+ +250 ms {2}4 calls {2}stored a new value as AWSPENDING$/);
    expect(set).toMatch(/^setSecret +━+ +250 ms {2}made its target accept it/);
    const [, nothing] = draw({ steps: [{ step: 'setSecret', durationMs: 1, calls: 0 }] });
    expect(nothing).toMatch(/^setSecret +━+ +1 ms {2}0 calls {2}had nothing to change$/);
  });

  it('tells values apart if they were read', () => {
    const versions = {
      before: [{ versionId: 'a', stages: ['AWSCURRENT'], fingerprint: 'f00dface' }],
      during: [],
      after: [],
    };
    expect(draw({ versions, versionId: 'a' })[1]).toContain('│ value    │');
  });

  it('says that it did not rotate if a step failed or the version is not current', () => {
    const failure = { errorType: 'SERVICE', errorMessage: 'No answer.' };
    const failed = draw({ failure, attempts: 2, steps: [{ step: 'testSecret', durationMs: 10, failure }] });
    expect(failed[0]).toBe('s did not rotate in 2 attempts');
    expect(failed[1]).toMatch(/^testSecret +━+ +10 ms {2}failed$/);
    expect(draw({ attempts: 0, versions: { before, during, after: during } })[0]).toBe('s did not rotate');
  });
});
