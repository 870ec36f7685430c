import type { LambdaClient } from '@aws-sdk/client-lambda';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { ForeignCode, ForeignText } from '../../commands/foreign-text.ts';
import { askFunction } from '../../commands/preflight/ask-function.ts';

describe('Text of a log or a function', () => {
  it.each([
    ['\u001b[2Jall is well', '\ufffd[2Jall is well'],
    ['one\r\ntwo\tthree', 'one two three'],
    ['\u009b31m\u202egnihton', '\ufffd31m\ufffdgnihton'],
    ['Grüße, 東京', 'Grüße, 東京'],
  ])('%j reaches a terminal as %j', (text, expected) => {
    expect(v.parse(ForeignText, text)).toBe(expected);
  });

  it.each(['\u001b[31mha', 'ha', 'A) [x](https://example.com', 7])(
    'does not become a code or a part of a link: %j',
    (code) => {
      expect(v.parse(ForeignCode, code)).toBe('INTERNAL');
    },
  );

  it('cannot move the cursor from the answer to a check', async () => {
    const said = { what: 'Login at \u001b[2J', outcome: 'failed', code: '\u001b[31mha', message: 'gone\rall is well' };
    const checks = await askFunction(answering({ checks: [said] }), {} as never);
    expect(checks).toMatchObject([{ what: 'Login at \ufffd[2J', code: 'INTERNAL', message: 'gone all is well' }]);
  });

  it('does not answer a check if it lists nothing', async () => {
    expect(await askFunction(answering({ checks: [] }), {} as never)).toMatchObject([{ code: 'OLD_FUNCTION' }]);
  });
});

/** A client of Lambda whose function answers this. */
function answering(answer: object): LambdaClient {
  return { send: async () => ({ Payload: Buffer.from(JSON.stringify(answer)) }) } as unknown as LambdaClient;
}
