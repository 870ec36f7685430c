import Table from 'cli-table3';
import colors from 'picocolors';
import type { Finding } from '../../rules/rotation-health.ts';
import { errorEntry } from '../error-entry.ts';
import type { SecretStatus, Status } from './read-status.ts';

const DAY_MS = 86_400_000;

/** What a finding is in a table. Its code is in the last lines, beside where to read on. */
const IN_WORDS: Readonly<Record<Finding, (secret: SecretStatus, now: Date) => string>> = {
  NOT_FOUND: () => 'is declared but does not exist',
  OVERDUE: ({ daysOverdue }) => `overdue by ${lasting(daysOverdue)}`,
  FAILING: ({ failure }) => `${failure?.step} failed: ${failure?.code}`,
  PENDING: ({ pendingSince }, now) => `pending for ${lasting(daysBetween(pendingSince, now))}`,
  CANCELED: () => 'rotation is switched off',
  NO_ROTATION: () => 'has no rotation',
};

/** A table of all secrets, what needs attention first, and where to read on. */
export function statusTable({ secrets, notes }: Status, now: Date): string {
  const table = new Table({
    head: ['secret', 'rotated by', 'age', 'next window (UTC)', 'last outcome', 'attention'],
    style: { head: colors.isColorSupported ? ['bold'] : [], border: colors.isColorSupported ? ['gray'] : [] },
  });
  for (const secret of secrets) {
    const attention = secret.findings.map((finding) => IN_WORDS[finding](secret, now)).join('\n');
    table.push([
      secret.name,
      secret.functionName ?? '–',
      secret.ageDays === undefined ? '–' : lasting(secret.ageDays),
      windowOf(secret, now),
      outcomeOf(secret),
      attention === '' ? colors.green('–') : colors.red(attention),
    ]);
  }
  return [table.toString(), ...notes, summary(secrets), ...readOn(secrets)].join('\n');
}

function summary(secrets: readonly SecretStatus[]): string {
  const count = secrets.filter(({ findings }) => findings.length > 0).length;
  const all = secrets.length === 1 ? '1 secret' : `${secrets.length} secrets`;
  if (count === 0) return colors.green(`${all}: all is well.`);
  return colors.red(`${count} of ${all} ${count === 1 ? 'needs' : 'need'} attention.`);
}

/** An entry for each finding, and for each code of the functions. */
function readOn(secrets: readonly SecretStatus[]): string[] {
  const findings = secrets.flatMap((each) => each.findings).filter((finding) => finding !== 'FAILING');
  const codes = secrets.flatMap(({ failure }) => failure?.code ?? []);
  return [
    ...[...new Set(findings)].map((finding) => `  ${finding}: ${errorEntry('Finding', finding)}`),
    ...[...new Set(codes)].map((code) => `  ${code}: ${errorEntry('Function', code)}`),
  ];
}

function windowOf({ nextWindow }: SecretStatus, now: Date): string {
  if (nextWindow === undefined) return '–';
  const { opens, closes } = nextWindow;
  if (opens <= now) return `open until ${moment(closes)}`;
  return `${moment(opens)} + ${Math.round((closes.getTime() - opens.getTime()) / 3_600_000)} h`;
}

function outcomeOf({ failure, lastRotated, findings }: SecretStatus): string {
  if (failure !== undefined) return `failed ${moment(failure.at)}`;
  if (lastRotated !== undefined) return `rotated ${moment(lastRotated)}`;
  return findings.includes('NOT_FOUND') ? '–' : 'never rotated';
}

const moment = (date: Date) => date.toISOString().slice(0, 16).replace('T', ' ');

const daysBetween = (from: Date | undefined, to: Date) => (to.getTime() - (from ?? to).getTime()) / DAY_MS;

function lasting(days: number): string {
  return days < 2 ? `${Math.floor(days * 24)} h` : `${Math.floor(days)} d`;
}
