import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Deadline } from '../../../lambda/rotation/deadline.ts';

const never = () => new Promise<never>(() => {});

describe('The deadline of an invocation', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('keeps a second of the function’s time to say what it waited for', async () => {
    const deadline = new Deadline(30_000);
    const waiting = expect(deadline.within('the database', never)).rejects.toMatchObject({
      code: 'TIMEOUT',
      message: expect.stringContaining('the database had not answered when the 29.0 s were over.'),
    });
    vi.advanceTimersByTime(28_999);
    expect(deadline.signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    await waiting;
    expect(deadline.signal.aborted).toBe(true);
  });

  it('keeps half if there is barely a second', () => {
    const deadline = new Deadline(600);
    vi.advanceTimersByTime(299);
    expect(deadline.signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(deadline.signal.aborted).toBe(true);
  });

  it('starts nothing once the time is over', async () => {
    const deadline = new Deadline(30_000);
    vi.advanceTimersByTime(29_000);
    const work = vi.fn();
    await expect(deadline.within('the database', work)).rejects.toMatchObject({ code: 'TIMEOUT' });
    expect(work).not.toHaveBeenCalled();
  });

  it('returns what the work returns, and leaves no timer behind', async () => {
    const deadline = new Deadline(30_000);
    expect(await deadline.within('the database', () => 'done')).toBe('done');
    await expect(deadline.within('the database', () => Promise.reject(new Error('refused')))).rejects.toThrow(
      'refused',
    );
    expect(getEventListeners(deadline.signal, 'abort')).toEqual([]);
    expect(vi.getTimerCount()).toBe(1);
    deadline.end();
    expect(vi.getTimerCount()).toBe(0);
  });
});
