import colors from 'picocolors';
import { page } from '../../rules/page.ts';
import { errorEntry } from '../error-entry.ts';
import type { RotationRecord } from '../rotation-record.ts';
import type { FunctionLog } from './function-log.ts';
import { giveUpCommand } from './give-up-command.ts';
import type { WatchOutcome } from './watch-rotation.ts';

/** How a rotation ended, why, and what to do: one sentence per line. */
export function conclusion(
  outcome: WatchOutcome,
  { secretName, versionId, steps, failure }: RotationRecord,
  { groupName, problem }: FunctionLog,
): string[] {
  const unseen = steps.length > 0 ? [] : [`The log ${groupName} ${unreadable(problem)} Only labels are shown.`];
  if (outcome === 'current') {
    return [
      ...unseen,
      `Version ${versionId} is AWSCURRENT. The old value is AWSPREVIOUS: ${page('revert.md')} explains what you can do with it.`,
    ];
  }
  const what = {
    'step failed': `${steps.at(-1)?.step} failed with ${failure?.errorType}: ${failure?.errorMessage}`,
    'timed out': `Version ${versionId} is not AWSCURRENT yet, and the time is up.`,
    unlabelled: `Version ${versionId} lost AWSPENDING: somebody removed it, or wrote a newer value.`,
  }[outcome];
  return [
    ...unseen,
    colors.red(what),
    'The old value is still current.',
    `Secrets Manager tries again by itself, as long as this version is AWSPENDING: watch ${groupName}.`,
    ...(outcome === 'unlabelled' ? [] : ['To give it up, so that another rotation or a new schedule is accepted:']),
    ...(outcome === 'unlabelled' ? [] : [`  ${giveUpCommand(secretName, versionId)}`]),
    ...(failure
      ? [`What ${failure.errorType} means, and what to do: ${errorEntry('Function', failure.errorType)}`]
      : []),
    `How to end it: ${page('revert.md')}, "A rotation that does not end".`,
  ];
}

function unreadable(problem: string | undefined): string {
  return problem === undefined
    ? 'says nothing about this rotation.'
    : `cannot be read: ${problem.replace(/\.?$/, '.')}`;
}
