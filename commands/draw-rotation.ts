import Table from 'cli-table3';
import colors from 'picocolors';
import type { RotationStep } from '../local/account-events.ts';
import type { LabelledVersion, RotationRecord } from './rotation-record.ts';

const BAR_WIDTH = 32;

const DID: Readonly<Record<RotationStep, string>> = {
  createSecret: 'stored a new value as AWSPENDING',
  setSecret: 'made its target accept it, if it has one',
  testSecret: 'found nothing wrong with it',
  finishSecret: 'moved AWSCURRENT to it',
};

/** Who changes a target reads the secret first. A generated password has none, and an issuer knows its token already. */
const didOf = (step: RotationStep, calls: number | undefined) =>
  step === 'setSecret' && calls === 0 ? 'had nothing to change' : DID[step];

const LABEL_COLORS: Readonly<Record<string, (text: string) => string>> = {
  AWSCURRENT: colors.green,
  AWSPENDING: colors.yellow,
  AWSPREVIOUS: colors.cyan,
};

/** A picture of one rotation: the steps on a time line, and which version had which label at which time. */
export function drawRotation(record: RotationRecord): string {
  const steps = record.steps.length > 0 ? ['', ...timeLine(record)] : [];
  return ['', headline(record), ...steps, '', labels(record), ''].join('\n');
}

function headline({ secretName, versionId, steps, attempts, versions, failure }: RotationRecord): string {
  const isCurrent = versions.after.some((each) => each.versionId === versionId && each.stages.includes('AWSCURRENT'));
  if (failure === undefined && isCurrent) {
    return `${colors.bold(secretName)} ${colors.green('rotated')} ${colors.dim(costOf(steps))}`;
  }
  const tries = attempts > 0 ? `in ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}` : '';
  return `${colors.bold(secretName)} ${colors.red('did not rotate')} ${colors.dim(tries)}`;
}

function costOf(steps: RotationRecord['steps']): string {
  if (steps.length === 0) return '';
  const time = `in ${(totalMs(steps) / 1_000).toFixed(2)} s`;
  const calls = steps.reduce((sum, step) => sum + (step.calls ?? Number.NaN), 0);
  return Number.isNaN(calls) ? time : `${time}, with ${calls} calls to Secrets Manager`;
}

function timeLine({ steps }: RotationRecord): string[] {
  const total = totalMs(steps) || 1;
  let elapsed = 0;
  return steps.map(({ step, durationMs, calls, failure, isColdStart }) => {
    const start = Math.round((elapsed / total) * BAR_WIDTH);
    elapsed += durationMs;
    const length = Math.max(1, Math.round((elapsed / total) * BAR_WIDTH) - start);
    const bar = (' '.repeat(Math.min(start, BAR_WIDTH - 1)) + '━'.repeat(length)).padEnd(BAR_WIDTH + 1);
    const paint = failure ? colors.red : colors.green;
    const took = `${Math.round(durationMs)} ms`.padStart(8);
    const cost = calls === undefined ? '' : `  ${calls} ${calls === 1 ? 'call ' : 'calls'}`;
    return `  ${step.padEnd(12)}  ${paint(bar)}${took}${cost}  ${failure ? colors.red('failed') : colors.dim(`${didOf(step, calls)}${isColdStart ? ', after a cold start' : ''}`)}`;
  });
}

function totalMs(steps: RotationRecord['steps']): number {
  return steps.reduce((sum, { durationMs }) => sum + durationMs, 0);
}

/** Leaves out the columns that nobody could observe: values that were not read, a moment that was too short. */
function labels({ versions: { before, during, after } }: RotationRecord): string {
  const all = [...before, ...during, ...after];
  const moments = Object.entries({ before, during, after }).filter(
    ([name, seen]) => name !== 'during' || seen.length > 0,
  );
  const hasValues = all.some(({ fingerprint }) => fingerprint !== undefined);
  const table = new Table({
    head: ['version', ...(hasValues ? ['value'] : []), ...moments.map(([name]) => name)],
    style: { head: colors.isColorSupported ? ['bold'] : [], border: colors.isColorSupported ? ['gray'] : [] },
  });
  for (const versionId of new Set(all.map((each) => each.versionId))) {
    const at = (versions: readonly LabelledVersion[]) => versions.find((version) => version.versionId === versionId);
    const value = (at(after) ?? at(during) ?? at(before))?.fingerprint ?? 'none';
    const cells = moments.map(([, versions]) => [...(at(versions)?.stages ?? ['–'])].sort().map(painted).join('\n'));
    table.push([`…${versionId.slice(-8)}`, ...(hasValues ? [value] : []), ...cells]);
  }
  return table.toString().replaceAll(/^/gm, '  ');
}

const painted = (label: string) => (LABEL_COLORS[label] ?? colors.dim)(label);
