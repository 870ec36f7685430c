import { writeClean } from './scrub-output.ts';

/**
 * Writes one line of JSON to standard output, as Lambda's JSON log format takes it unchanged: with `timestamp` and
 * `level`, by which CloudWatch filters. The line must be scrubbed already.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
 */
export function writeLogLine(level: 'INFO' | 'ERROR', message: string, fields: object = {}): void {
  const own = { timestamp: new Date().toISOString(), level, message };
  writeClean(`${JSON.stringify({ ...own, ...fields, ...own })}\n`);
}
