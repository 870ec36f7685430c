import * as v from 'valibot';
import { TagKey, TagValue } from '../tag.ts';

/** A function's name or ARN. */
export const FunctionName = v.pipe(v.string(), v.minLength(1), v.maxLength(170));
/** Versions and aliases are not supported here. */
export const Qualifier = v.optional(v.literal('$LATEST'));
export const Tags = v.record(TagKey, TagValue);

/** By decoding, which leaves out what is none: a regular expression overflows the stack with an archive of 50 MB. */
function isBase64(text: string): boolean {
  return Math.ceil(Buffer.from(text, 'base64').length / 3) * 4 === text.length;
}

/** An archive: its bytes, or the bytes in base64, as a request has them. */
export const ZipFile = v.union([
  v.custom<Uint8Array>((value) => value instanceof Uint8Array),
  v.pipe(
    v.string(),
    v.check(isBase64, 'Could not decode the archive: it is not base64.'),
    v.transform((base64): Uint8Array => Buffer.from(base64, 'base64')),
  ),
]);

export const Architectures = v.pipe(v.array(v.picklist(['arm64', 'x86_64'])), v.length(1));

/** The settings of a function, in CreateFunction and UpdateFunctionConfiguration. */
export const SETTINGS = {
  /** The role's ARN. */
  Role: v.optional(v.string()),
  Handler: v.optional(v.pipe(v.string(), v.maxLength(128))),
  /** Any `nodejs…` runtime. The function runs on the Node.js that runs this process. */
  Runtime: v.optional(v.string()),
  Description: v.optional(v.pipe(v.string(), v.maxLength(256))),
  /** Seconds, 1–900. */
  Timeout: v.optional(v.number()),
  /** MB. The function can read it; it is not enforced. */
  MemorySize: v.optional(v.pipe(v.number(), v.integer(), v.minValue(128), v.maxValue(10_240))),
  Environment: v.optional(v.strictObject({ Variables: v.optional(v.record(v.string(), v.string()), {}) })),
  LoggingConfig: v.optional(
    v.strictObject({
      LogFormat: v.optional(v.picklist(['JSON', 'Text'])),
      LogGroup: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(512))),
    }),
  ),
  /** Whether its invocations are traced. */
  TracingConfig: v.optional(v.strictObject({ Mode: v.picklist(['Active', 'PassThrough']) })),
  // The settings below have no effect on this machine.
  VpcConfig: v.optional(
    v.strictObject({
      SubnetIds: v.optional(v.array(v.string()), []),
      SecurityGroupIds: v.optional(v.array(v.string()), []),
      Ipv6AllowedForDualStack: v.optional(v.boolean()),
    }),
  ),
  KMSKeyArn: v.optional(v.string()),
  EphemeralStorage: v.optional(v.strictObject({ Size: v.pipe(v.number(), v.minValue(512), v.maxValue(10_240)) })),
} as const;

export type Settings = v.InferOutput<v.StrictObjectSchema<typeof SETTINGS, undefined>>;
