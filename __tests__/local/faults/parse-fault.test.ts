import { describe, expect, it } from 'vitest';
import { parseFault } from '../../../local/faults/parse-fault.ts';

describe('--fault', () => {
  it.each([
    ['PutSecretValue:fail-after', { action: 'PutSecretValue', kind: 'fail-after' }],
    ['GetSecretValue:delay=2000', { action: 'GetSecretValue', kind: 'delay', delayMs: 2000 }],
    ['*:throttle:nth=2:times=Infinity', { action: '*', kind: 'throttle', nth: 2, times: Number.POSITIVE_INFINITY }],
    ['*:stale:attempts=1:callers=everyone', { action: '*', kind: 'stale', attempts: 1, callers: 'everyone' }],
  ])('takes %s', (text, fault) => {
    expect(parseFault(text)).toEqual(fault);
  });

  it.each([
    ['', 'A fault\'s kind is "". Expected one of: fail-before'],
    ['PutSecretValue', 'A fault\'s kind is "". Expected one of: fail-before'],
    ['Put:throttle', 'A fault\'s action is "Put". Expected one of: *, BatchGetSecretValue, '],
    ['*:delay', 'This one is "delay" and has no delayMs.'],
    ['*:delay=', "A fault's delayMs is NaN."],
    ['*:delay=soon', "A fault's delayMs is NaN."],
    ['*:throttle=5', 'This one is "throttle".'],
    ['*:throttle:often', '"often" is not understood. Expected one of: nth=, times=, attempts=, callers=.'],
    ['*:throttle:nth=', "A fault's nth is NaN."],
  ])('refuses "%s" with the text and what was expected', (text, message) => {
    expect(() => parseFault(text)).toThrow(`--fault ${text}: `);
    expect(() => parseFault(text)).toThrow(message);
  });
});
