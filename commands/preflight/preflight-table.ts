import Table from 'cli-table3';
import colors from 'picocolors';
import type { Check } from './check.ts';
import type { Preflight } from './read-preflight.ts';

const IN_COLOR: Readonly<Record<Check['outcome'], (text: string) => string>> = {
  failed: colors.red,
  'not checked': colors.yellow,
  passed: colors.green,
};

/** A table of all checks, what would fail first, and where to read on. */
export function preflightTable({ secret, functionName, checks }: Preflight): string {
  const table = new Table({
    head: ['check', 'result', 'what was found, and what to do'],
    colWidths: [32, 17, 69],
    wordWrap: true,
    style: { head: colors.isColorSupported ? ['bold'] : [], border: colors.isColorSupported ? ['gray'] : [] },
  });
  for (const { what, outcome, code, message } of checks) {
    table.push([what, IN_COLOR[outcome](code ?? outcome), message ?? '']);
  }
  return [`${secret}, rotated by ${functionName}`, table.toString(), summary(checks), ...readOn(checks)].join('\n');
}

function summary(checks: readonly Check[]): string {
  const count = (outcome: Check['outcome']) => checks.filter((each) => each.outcome === outcome).length;
  const [failed, open] = [count('failed'), count('not checked')];
  const rest = open === 0 ? '' : ` ${open} ${open === 1 ? 'was' : 'were'} not checked.`;
  if (failed === 0) return colors.green(`Nothing was found that would fail.${rest}`);
  return colors.red(`${failed} of ${checks.length} checks ${failed === 1 ? 'fails' : 'fail'}.${rest}`);
}

/** An entry for each code. */
function readOn(checks: readonly Check[]): string[] {
  const entries = new Map(checks.flatMap(({ code, entry }) => (code && entry ? [[code, entry] as const] : [])));
  return [...entries].map(([code, entry]) => `  ${code}: ${entry}`);
}
