import * as v from 'valibot';

export const LogGroupName = v.pipe(v.string(), v.minLength(1), v.maxLength(512), v.regex(/^[\w./#-]+$/));
export const ResourceArn = v.pipe(v.string(), v.minLength(1), v.maxLength(1011));
export const Tags = v.record(
  v.pipe(v.string(), v.minLength(1), v.maxLength(128)),
  v.pipe(v.string(), v.maxLength(256)),
);
