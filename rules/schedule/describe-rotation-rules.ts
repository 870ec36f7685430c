import cronstrue from 'cronstrue';
import { readCheckedRules } from './checked-rules.ts';
import { type CronSchedule, firstHour, type RotationRules } from './rotation-rules.ts';

/**
 * Rotation rules in plain English, with the window: "Every 30 days, at any time of the UTC day (00:00–24:00)",
 * "At 08:00 UTC, Monday through Friday; window 1 hour (08:00–09:00)".
 *
 * Stands apart from `schedule.ts` because it brings cronstrue along.
 *
 * @throws ScheduleRefused for rules that cannot be read.
 */
export function describeRotationRules(rules: RotationRules): string {
  const schedule = readCheckedRules(rules);
  const { windowHours } = schedule;
  if (schedule.kind === 'rate' && schedule.unit === 'days') {
    const window = windowHours === 24 ? 'at any time of the UTC day (00:00–24:00)' : `00:00–${clock(windowHours)} UTC`;
    return `Every ${schedule.every === 1 ? 'day' : `${schedule.every} days`}, ${window}`;
  }
  const opens = firstHour(schedule);
  const window = `window ${windowHours === 1 ? '1 hour' : `${windowHours} hours`}`;
  if (schedule.kind === 'rate') return `Every ${schedule.every} hours, on the hour; ${window}`;
  const hours = schedule.unit === 'days' ? ` (${clock(opens)}–${clock(opens + windowHours)})` : '';
  return `${inEnglish(schedule)}; ${window}${hours}`;
}

function inEnglish({ hours, days }: CronSchedule): string {
  const english = cronstrue.toString(`0 ${hours.join(',')} ${days}`, {
    dayOfWeekStartIndexZero: false,
    use24HourTimeFormat: true,
  });
  const times = english.replace(/^At \d\d:\d\d((, | and )\d\d:\d\d)*/, '$& UTC');
  return days === '* * *' ? `${times}, every day` : times;
}

function clock(hour: number): string {
  return `${String(hour).padStart(2, '0')}:00`;
}
