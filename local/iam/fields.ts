import * as v from 'valibot';
import { TagKey, TagValue } from '../tag.ts';

export const RoleName = v.pipe(v.string(), v.regex(/^[\w+=,.@-]+$/), v.maxLength(64));
export const PolicyName = v.pipe(v.string(), v.regex(/^[\w+=,.@-]+$/), v.maxLength(128));
export const PolicyArn = v.pipe(v.string(), v.minLength(20), v.maxLength(2048));
export const Document = v.pipe(v.string(), v.minLength(1), v.maxLength(131_072));
export const Tags = v.array(v.strictObject({ Key: TagKey, Value: TagValue }));

/** Lists are short here: each answer has the whole list, so nobody sends a marker. */
export const PAGE = { MaxItems: v.optional(v.string()) } as const;
