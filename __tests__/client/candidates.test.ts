import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { candidateSearch, type VersionSource } from '../../client/candidates.ts';

const version = (versionId: string) => ({ versionId, value: `value of ${versionId}`, isShared: true, expiresMs: 0 });
const values = (...ids: readonly string[]) => ids.map((id) => `value of ${id}`);

/** What a search does with the versions of a secret: `holds` is the one that is current, as far as the cache knows. */
function searching(holds: string, source: Partial<VersionSource<string>> = {}) {
  const closed = new AbortController();
  const known = { holds };
  const current = () => version(known.holds);
  const refreshed = vi.fn(async () => current());
  const pinPending = vi.fn(async (): Promise<ReturnType<typeof version> | undefined> => undefined);
  const refuse = vi.fn();
  const search = candidateSearch({
    ...{ current: async () => current(), held: current, refreshed, pinPending, refuse, closed: closed.signal },
    ...source,
  });
  /** All that it tries, each of which is refused; if it waits, it reads more than once. */
  async function tried(timeoutSeconds: number) {
    const found: string[] = [];
    const before = refreshed.mock.calls.length;
    for await (const value of search.candidates({ timeoutSeconds })) found.push(value);
    return { found, waits: refreshed.mock.calls.length - before > 1 };
  }
  return { known, refreshed, pinPending, refuse, search, tried, close: () => closed.abort() };
}

describe('After a refusal, the next version', () => {
  it('is what the cache has read meanwhile, without a call', async () => {
    const { search, known, refreshed } = searching('1');
    const candidates = search.candidates();
    expect((await candidates.next()).value).toBe('value of 1');
    known.holds = '2';
    expect((await candidates.next()).value).toBe('value of 2');
    expect(refreshed).not.toHaveBeenCalled();
  });

  it('is what a refresh brings, and no pending one is asked for', async () => {
    const { tried, pinPending, refuse } = searching('1', {
      refreshed: vi.fn().mockResolvedValueOnce(version('2')).mockResolvedValue(version('1')),
    });
    const { found } = await tried(0);
    expect(found).toEqual(values('1', '2'));
    expect(refuse.mock.calls).toEqual([['1'], ['2']]);
    expect(pinPending).toHaveBeenCalledTimes(1); // after the second one
  });

  it('is the pending one if the current one is refused, and is told which were', async () => {
    const { tried, pinPending } = searching('1');
    pinPending.mockImplementationOnce(async () => version('2'));
    expect((await tried(0)).found).toEqual(values('1', '2'));
    expect(pinPending).toHaveBeenLastCalledWith(new Set(['1', '2']));
  });

  it('is what a read brings while it waits', async () => {
    const { tried, known, refreshed } = searching('1');
    refreshed.mockImplementationOnce(async () => {
      known.holds = '2';
      return version('1');
    });
    expect((await tried(0.1)).found).toEqual(values('1', '2'));
  });

  it('is not waited for after the cache was closed', async () => {
    const { tried, close } = searching('1');
    close();
    expect(await tried(0.1)).toEqual({ found: values('1'), waits: false });
  });

  it('is not waited for longer than that if a read hangs', async () => {
    const { tried } = searching('1', { refreshed: () => new Promise(() => {}) });
    expect((await tried(0.1)).found).toEqual(values('1'));
  });

  it('is waited for with no timer in the past, of which Node.js 24 warns', async () => {
    const timers = vi.spyOn(globalThis, 'setTimeout');
    onTestFinished(() => timers.mockRestore());
    await searching('1').tried(0);
    expect(timers).toHaveBeenCalled();
    expect(timers.mock.calls.filter(([, ms = 0]) => ms < 0)).toEqual([]);
  });

  it('fails as its read fails', async () => {
    const { tried } = searching('1', { refreshed: () => Promise.reject(new Error('denied')) });
    await expect(tried(0.1)).rejects.toThrow('denied');
  });
});

describe('After a search in vain', () => {
  it('nobody waits for another version for a minute, but asks for it', async () => {
    const nowMs = Date.now();
    const clock = vi.spyOn(Date, 'now').mockReturnValue(nowMs);
    onTestFinished(() => clock.mockRestore());
    const { tried, pinPending } = searching('1');
    expect(await tried(0.1)).toMatchObject({ waits: true });
    expect(await tried(0.1)).toMatchObject({ waits: false });
    expect(pinPending).toHaveBeenCalledTimes(2);
    clock.mockReturnValue(nowMs + 59_999);
    expect(await tried(0.1)).toMatchObject({ waits: false });
    clock.mockReturnValue(nowMs + 60_000);
    expect(await tried(0.1)).toMatchObject({ waits: true });
  });

  it('nobody waits who has less time, or as much, and one waits who has more', async () => {
    const { tried } = searching('1');
    expect(await tried(0.1)).toMatchObject({ waits: true });
    expect(await tried(0.09)).toMatchObject({ waits: false });
    expect(await tried(0.1)).toMatchObject({ waits: false });
    expect(await tried(0.11)).toMatchObject({ waits: true });
  });

  it('one waits if another version is refused', async () => {
    const { tried, known } = searching('1');
    expect(await tried(0.1)).toMatchObject({ waits: true });
    known.holds = '2';
    expect(await tried(0.1)).toMatchObject({ waits: true });
  });

  it('one waits if the version was accepted since', async () => {
    const { tried, search } = searching('1');
    expect(await tried(0.1)).toMatchObject({ waits: true });
    expect(await search.withRetry(async (value) => value, { refused: () => true })).toBe('value of 1');
    expect(await tried(0.1)).toMatchObject({ waits: true });
  });
});

describe('withRetry', () => {
  it('tries each version once, and throws the last refusal', async () => {
    const { search } = searching('1', {
      refreshed: vi.fn(async () => version('1')).mockResolvedValueOnce(version('2')),
    });
    const attempt = vi.fn(async (value: string) => Promise.reject(new Error(`${value} is refused`)));
    const failure = search.withRetry(attempt, { refused: () => true, timeoutSeconds: 0 });
    await expect(failure).rejects.toThrow('value of 2 is refused');
    expect(attempt.mock.calls).toEqual([['value of 1'], ['value of 2']]);
  });

  it('throws any other error at once', async () => {
    const { search, refuse } = searching('1');
    const failure = search.withRetry(() => Promise.reject(new Error('no network')), { refused: () => false });
    await expect(failure).rejects.toThrow('no network');
    expect(refuse).not.toHaveBeenCalled();
  });

  it('wants to know what a refusal is, and a number of seconds, before it tries anything', async () => {
    const { search } = searching('1');
    const attempt = vi.fn();
    await expect(search.withRetry(attempt, {} as never)).rejects.toThrow('The option refused is undefined');
    const timeoutSeconds = Number.NaN;
    await expect(search.withRetry(attempt, { refused: () => true, timeoutSeconds })).rejects.toThrow('is NaN');
    expect(attempt).not.toHaveBeenCalled();
  });
});
