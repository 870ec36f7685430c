import * as v from 'valibot';

export const AlarmName = v.pipe(v.string(), v.minLength(1), v.maxLength(255));

/** A number, also as the query protocol writes it. */
const number = v.pipe(v.union([v.number(), v.string()]), v.transform(Number), v.number());
const Arns = v.optional(v.pipe(v.array(v.pipe(v.string(), v.regex(/^arn:[^:]+:sns:/))), v.maxLength(5)), []);

/** An alarm on one metric and one period. */
export const SETTINGS = {
  AlarmName,
  ActionsEnabled: v.optional(v.union([v.literal(true), v.literal('true')]), true),
  AlarmDescription: v.optional(v.pipe(v.string(), v.maxLength(1024))),
  Namespace: v.string(),
  MetricName: v.string(),
  Dimensions: v.optional(v.array(v.strictObject({ Name: v.string(), Value: v.string() })), []),
  Statistic: v.picklist(['Sum', 'Maximum']),
  Period: v.pipe(number, v.minValue(60), v.maxValue(86_400)),
  EvaluationPeriods: v.pipe(number, v.literal(1)),
  Threshold: number,
  ComparisonOperator: v.picklist(['GreaterThanThreshold', 'GreaterThanOrEqualToThreshold']),
  TreatMissingData: v.optional(v.picklist(['breaching', 'notBreaching', 'missing']), 'missing'),
  /** Topics alone. */
  AlarmActions: Arns,
  OKActions: Arns,
} as const;

export type AlarmSettings = v.InferOutput<v.StrictObjectSchema<typeof SETTINGS, undefined>>;
