import * as v from 'valibot';

/** What moves a terminal's cursor, or turns text round: C0 and C1 controls, line separators, marks of direction. */
const CONTROL = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** Text of others, fit for a terminal: of a log, or of a function, into which whoever writes a secret can put words. */
export const ForeignText = v.pipe(
  v.string(),
  v.transform((text) => text.replaceAll(/[\r\n\t]+/g, ' ').replaceAll(CONTROL, '\ufffd')),
);

/** A code that a log or a function gives; it becomes part of a link. */
export const ForeignCode = v.fallback(v.pipe(v.string(), v.regex(/^[A-Z][A-Z_]*$/)), 'INTERNAL');
