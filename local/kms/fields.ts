import * as v from 'valibot';
import { TagKey, TagValue } from '../tag.ts';

/** A key's id or ARN, or its alias. */
export const KeyId = v.pipe(v.string(), v.minLength(1), v.maxLength(2048));
export const AliasName = v.pipe(v.string(), v.regex(/^alias\/[\w/-]+$/), v.maxLength(256));
export const Policy = v.pipe(v.string(), v.minLength(1), v.maxLength(32_768));
export const Tags = v.array(v.strictObject({ TagKey, TagValue }));
/** Lists are short here: each answer has all of it. */
export const PAGE = { Limit: v.optional(v.number()), Marker: v.optional(v.string()) } as const;
