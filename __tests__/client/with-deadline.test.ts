import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { isWithin } from '../../client/is-within.ts';
import { hasCode, isPassing, SecretReadError } from '../../client/secret-read-error.ts';
import { withDeadline } from '../../client/with-deadline.ts';

describe('withDeadline', () => {
  const never = () => new Promise<never>(() => {});

  function fakeTimers() {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
  }

  it('aborts the work at the deadline', async () => {
    fakeTimers();
    let told: AbortSignal | undefined;
    const ended = withDeadline(2, new AbortController().signal, 'The server', (signal) => {
      told = signal;
      return never();
    });
    vi.advanceTimersByTime(1_999);
    expect(told?.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    const late = expect.objectContaining({
      code: 'TIMEOUT',
      message: 'The server did not answer within 2 s (timeoutSeconds).',
    });
    await expect(ended).rejects.toEqual(late);
    expect(told?.reason).toEqual(late);
  });

  it('gives the work up at once if it is told to, and leaves no timer', async () => {
    fakeTimers();
    const giveUp = new AbortController();
    let told: AbortSignal | undefined;
    const ended = withDeadline(2, giveUp.signal, 'The server', (signal) => {
      told = signal;
      return never();
    });
    giveUp.abort(new RangeError('closed'));
    await expect(ended).rejects.toThrow(new RangeError('closed'));
    expect(told?.reason).toBe(giveUp.signal.reason);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves no timer after the work has ended', async () => {
    fakeTimers();
    const { signal } = new AbortController();
    expect(await withDeadline(2, signal, 'The server', async () => 'done')).toBe('done');
    await expect(withDeadline(2, signal, 'The server', () => Promise.reject(new Error('failed')))).rejects.toThrow();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('isWithin', () => {
  it.each([
    [9, false],
    [10, true],
    [14, true],
    [15, false],
  ])('of a span of 5 that begins at 10, %s: %s', (now, expected) => {
    expect(isWithin(now, 10, 5)).toBe(expected);
  });
});

describe('The code of an error', () => {
  it('counts only if the error is a SecretReadError', () => {
    expect(isPassing(new SecretReadError('TIMEOUT', 'late'))).toBe(true);
    expect(hasCode(new SecretReadError('CLOSED', 'closed'), 'TIMEOUT', 'CLOSED')).toBe(true);
    expect(hasCode(new SecretReadError('CLOSED', 'closed'), 'TIMEOUT')).toBe(false);
    for (const other of [Object.assign(new Error(), { code: 'TIMEOUT' }), undefined, null, 'TIMEOUT'])
      expect(isPassing(other)).toBe(false);
  });
});
