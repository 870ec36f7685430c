import type { StandardSchemaV1 } from '@standard-schema/spec';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { describeIssues } from '../../rules/describe-issues.ts';

/** What is said of a value that the schema refuses. */
async function described(schema: StandardSchemaV1, value: unknown): Promise<string> {
  const { issues = [] } = await schema['~standard'].validate(value);
  return describeIssues(issues, value);
}

describe('The description of a schema’s issues', () => {
  const login = v.object({ host: v.string(), port: v.number(), tls: v.object({ ca: v.string() }) });

  it('names every path, what was expected and what kind was found, but no value', async () => {
    expect(await described(login, { host: 7, port: 'hunter2', tls: { ca: ['hunter2'] } })).toBe(
      '"host": expected string, found a number; "port": expected number, found a string; ' +
        '"tls.ca": expected string, found an array',
    );
  });

  it('says what is missing at any depth', async () => {
    expect(await described(login, { host: 'db', port: 5432, tls: {} })).toBe('"tls.ca" is missing');
    expect(await described(login, undefined)).toBe('the whole value is missing');
  });

  it.each([
    [null, 'null'],
    ['', 'an empty string'],
    [['hunter2'], 'an array'],
    [new TextEncoder().encode('hunter2'), 'bytes'],
    [new Date(), 'an object'],
    [true, 'a boolean'],
  ])('says of %o that it is %s', async (value, kind) => {
    expect(await described(v.never(), value)).toBe(`the whole value: expected never, found ${kind}`);
  });

  it('does not pass on the message of a schema library', async () => {
    const quoting = v.check(
      (value: string) => value.length > 100,
      (issue) => `bad: ${issue.input}`,
    );
    expect(await described(v.pipe(v.string(), quoting), 'hunter2')).toBe(
      'the whole value: expected another value, found a string',
    );
  });

  it('accepts paths of bare keys, and of symbols', () => {
    const tls = Symbol('tls');
    expect(describeIssues([{ message: '', path: [tls, 0] }], { [tls]: [1] })).toBe(
      '"Symbol(tls).0": expected another value, found a number',
    );
    expect(describeIssues([{ message: '', path: ['tls', 'ca'] }], { tls: null })).toBe('"tls.ca" is missing');
  });
});
