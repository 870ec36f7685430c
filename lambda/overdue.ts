import { rotationHealth } from '../rules/rotation-health.ts';
import { readWatch } from './overdue/read-watch.ts';
import { watchedSecrets } from './overdue/watched-secrets.ts';
import { writeMetrics } from './overdue/write-metrics.ts';

/** What a look found. It stands in the log, too. */
export interface OverdueReport {
  /** The most days by which a secret is overdue. */
  readonly daysOverdue: number;
  /** Secrets that do not rotate, or whose rotation does not end. */
  readonly notRotating: number;
  /** What is wrong, by the secret's name. */
  readonly findings: Readonly<Record<string, readonly string[]>>;
}

/**
 * Looks at the secrets that it is told of, and publishes how many days the worst of them is overdue, and how many do not rotate at
 * all. It reads no value.
 */
export async function handler(event: unknown): Promise<OverdueReport> {
  const watch = readWatch(event);
  const secrets = await watchedSecrets(watch);
  const looked = secrets.map(({ name, facts }) => ({
    name,
    ...(facts === undefined ? { findings: ['NOT_FOUND'] as const, daysOverdue: 0 } : rotationHealth(facts, watch.now)),
  }));
  const wrong = looked.filter(({ findings }) => findings.length > 0);
  const report = {
    daysOverdue: Math.max(0, ...looked.map(({ daysOverdue }) => daysOverdue)),
    notRotating: wrong.filter(({ findings }) => findings.some((finding) => finding !== 'OVERDUE')).length,
    findings: Object.fromEntries(wrong.map(({ name, findings }) => [name, findings])),
  };
  writeMetrics(watch, report, secrets.length);
  return report;
}
