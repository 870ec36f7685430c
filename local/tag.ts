import * as v from 'valibot';

/** The parts of a tag. Each service combines them in its own way. */
export const TagKey = v.pipe(v.string(), v.minLength(1), v.maxLength(128));
export const TagValue = v.pipe(v.string(), v.maxLength(256));
