import * as v from 'valibot';
import { TagKey, TagValue } from '../tag.ts';

export const LogGroupName = v.pipe(v.string(), v.minLength(1), v.maxLength(512), v.regex(/^[\w./#-]+$/));
export const ResourceArn = v.pipe(v.string(), v.minLength(1), v.maxLength(1011));
export const Tags = v.record(TagKey, TagValue);
