import * as v from 'valibot';
import type { MetricPoint } from './alarm-store.ts';

const Embedded = v.looseObject({
  _aws: v.object({
    Timestamp: v.number(),
    CloudWatchMetrics: v.array(
      v.object({
        Namespace: v.string(),
        Dimensions: v.array(v.array(v.string())),
        Metrics: v.array(v.object({ Name: v.string() })),
      }),
    ),
  }),
});

/**
 * The metrics that a line of a log holds, in CloudWatch's embedded metric format.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function embeddedMetrics(line: string): MetricPoint[] {
  if (!line.includes('"_aws"')) return [];
  const { success, output } = v.safeParse(v.pipe(v.string(), v.parseJson(), Embedded), line);
  if (!success) return [];
  const { Timestamp: atMs, CloudWatchMetrics } = output._aws;
  const fields: Readonly<Record<string, unknown>> = output;
  return CloudWatchMetrics.flatMap(({ Namespace: namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) => {
      const dimensions = Object.fromEntries(names.map((name) => [name, String(fields[name])]));
      return Metrics.map(({ Name: name }) => ({ namespace, name, dimensions, value: Number(fields[name]), atMs }));
    }),
  );
}
