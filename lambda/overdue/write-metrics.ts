import type { OverdueReport } from '../overdue.ts';
import type { Watch } from './read-watch.ts';

/** A line of a log can have 256 kB, and a name 512 characters: names beyond this number are counted and not named. */
const MOST_NAMES = 300;

/**
 * Writes the metrics as one line of the log, in CloudWatch's embedded metric format: no permission and no call is needed.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function writeMetrics({ name, now }: Watch, report: OverdueReport, watched: number): void {
  const wrong = Object.entries(report.findings);
  const line = {
    timestamp: new Date().toISOString(),
    level: wrong.length > 0 ? 'WARN' : 'INFO',
    message:
      wrong.length === 0
        ? `All is well with ${watched} secrets.`
        : `${wrong.length} of ${watched} secrets need attention.`,
    Alarms: name,
    DaysOverdue: report.daysOverdue,
    NotRotating: report.notRotating,
    findings: Object.fromEntries(wrong.slice(0, MOST_NAMES)),
    _aws: {
      Timestamp: now.getTime(),
      CloudWatchMetrics: [
        {
          Namespace: 'Rotaform',
          Dimensions: [['Alarms']],
          Metrics: [{ Name: 'DaysOverdue' }, { Name: 'NotRotating', Unit: 'Count' }],
        },
      ],
    },
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
