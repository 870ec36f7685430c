import colors from 'picocolors';
import type { RotationRecord } from '../rotation-record.ts';
import type { FunctionLog } from './function-log.ts';
import type { WatchOutcome } from './watch-rotation.ts';

/** What came of a rotation, why, and what to do: a sentence a line. */
export function conclusion(
  outcome: WatchOutcome,
  { versionId, steps, failure }: RotationRecord,
  { groupName, problem }: FunctionLog,
): string[] {
  const unseen = steps.length > 0 ? [] : [`The log ${groupName} ${unreadable(problem)} Only labels are shown.`];
  if (outcome === 'current') {
    return [
      ...unseen,
      `Version ${versionId} is AWSCURRENT. The value before is AWSPREVIOUS: docs/revert.md says what it is good for.`,
    ];
  }
  const what = {
    'step failed': `${steps.at(-1)?.step} failed with ${failure?.errorType}: ${failure?.errorMessage}`,
    'timed out': `Version ${versionId} is not AWSCURRENT yet, and the time is up.`,
    unlabelled: `Version ${versionId} lost AWSPENDING: a newer value, or somebody, took it.`,
  }[outcome];
  return [
    ...unseen,
    colors.red(what),
    'The value that was current before is still current.',
    `Secrets Manager tries again by itself, with the same version, as long as that is AWSPENDING: watch ${groupName}.`,
    'What to do: docs/revert.md, "A rotation that does not end".',
  ];
}

function unreadable(problem: string | undefined): string {
  return problem === undefined ? 'says nothing of this rotation.' : `cannot be read: ${problem.replace(/\.?$/, '.')}`;
}
