import Table from 'cli-table3';
import colors from 'picocolors';
import type { RotationStep } from '../account-events.ts';
import type { LabelledVersion, RotationRecord } from './rotation-record.ts';

const BAR_WIDTH = 32;

const DID: Readonly<Record<RotationStep, string>> = {
  createSecret: 'stored a new value as AWSPENDING',
  setSecret: 'told the target, where there is one',
  testSecret: 'used the new value',
  finishSecret: 'moved AWSCURRENT to it',
};

const LABEL_COLORS: Readonly<Record<string, (text: string) => string>> = {
  AWSCURRENT: colors.green,
  AWSPENDING: colors.yellow,
  AWSPREVIOUS: colors.cyan,
};

/** A picture of one rotation: the steps on a time line, and which version had which label when. */
export function drawRotation(record: RotationRecord): string {
  return ['', headline(record), '', ...timeLine(record), '', labels(record), ''].join('\n');
}

function headline({ secretName, steps, attempts, failure }: RotationRecord): string {
  const calls = steps.reduce((sum, step) => sum + step.calls, 0);
  const cost = `${(totalMs(steps) / 1_000).toFixed(2)} s, with ${calls} calls to Secrets Manager`;
  if (failure === undefined) return `${colors.bold(secretName)} ${colors.green('rotated')} ${colors.dim(`in ${cost}`)}`;
  return `${colors.bold(secretName)} ${colors.red('did not rotate')} ${colors.dim(`in ${attempts} attempts`)}`;
}

function timeLine({ steps }: RotationRecord): string[] {
  const total = totalMs(steps) || 1;
  let elapsed = 0;
  return steps.map(({ step, durationMs, calls, failure }) => {
    const start = Math.round((elapsed / total) * BAR_WIDTH);
    elapsed += durationMs;
    const length = Math.max(1, Math.round((elapsed / total) * BAR_WIDTH) - start);
    const bar = (' '.repeat(Math.min(start, BAR_WIDTH - 1)) + '━'.repeat(length)).padEnd(BAR_WIDTH + 1);
    const paint = failure ? colors.red : colors.green;
    const took = `${Math.round(durationMs)} ms`.padStart(8);
    const cost = `${calls} ${calls === 1 ? 'call ' : 'calls'}`;
    return `  ${step.padEnd(12)}  ${paint(bar)}${took}  ${cost}  ${failure ? colors.red('failed') : colors.dim(DID[step])}`;
  });
}

function totalMs(steps: RotationRecord['steps']): number {
  return steps.reduce((sum, { durationMs }) => sum + durationMs, 0);
}

function labels({ versions: { before, during, after } }: RotationRecord): string {
  const table = new Table({
    head: ['version', 'value', 'before', 'during', 'after'],
    style: { head: colors.isColorSupported ? ['bold'] : [], border: colors.isColorSupported ? ['gray'] : [] },
  });
  const versionIds = new Set([...before, ...during, ...after].map(({ versionId }) => versionId));
  for (const versionId of versionIds) {
    const at = (versions: readonly LabelledVersion[]) => versions.find((version) => version.versionId === versionId);
    const value = (at(after) ?? at(during) ?? at(before))?.fingerprint ?? 'none';
    const cells = [before, during, after].map((versions) =>
      [...(at(versions)?.stages ?? ['–'])].sort().map(painted).join('\n'),
    );
    table.push([`…${versionId.slice(-8)}`, value, ...cells]);
  }
  return table.toString().replaceAll(/^/gm, '  ');
}

const painted = (label: string) => (LABEL_COLORS[label] ?? colors.dim)(label);
