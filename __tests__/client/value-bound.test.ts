import { describe, expect, it } from 'vitest';
import { valueBound } from '../../client/value-bound.ts';

/** A holder that counts how often its value was let go. */
function holder({ isUsed = false, isWatched = false } = {}) {
  const state = { isUsed, isWatched, evictions: 0 };
  return {
    state,
    isWatched: () => state.isWatched,
    takeUsed() {
      const was = state.isUsed;
      state.isUsed = false;
      return was;
    },
    evict() {
      state.evictions += 1;
    },
  };
}

const evictions = (...holders: readonly ReturnType<typeof holder>[]) => holders.map(({ state }) => state.evictions);

describe('valueBound', () => {
  it('releases the oldest unused value', () => {
    const bound = valueBound(2);
    const [a, b, c, d] = [holder(), holder({ isUsed: true }), holder(), holder()];
    for (const each of [a, b, c]) bound.add(each);
    expect(evictions(a, b, c)).toEqual([1, 0, 0]);
    bound.add(d);
    expect(evictions(a, b, c, d)).toEqual([1, 0, 1, 0]);
  });

  it('keeps the newest, although all others are in use', () => {
    const bound = valueBound(1);
    const [a, b] = [holder({ isUsed: true }), holder()];
    for (const each of [a, b]) bound.add(each);
    expect(evictions(a, b)).toEqual([1, 0]);
  });

  it('keeps what is watched, and so more than allowed', () => {
    const bound = valueBound(1);
    const watched = [holder({ isWatched: true }), holder({ isWatched: true })];
    const last = holder();
    for (const each of [...watched, last, holder({ isWatched: true })]) bound.add(each);
    expect(evictions(...watched, last)).toEqual([0, 0, 1]);
  });

  it('does nothing for what it has already', () => {
    const bound = valueBound(1);
    const [first, second] = [holder({ isWatched: true }), holder({ isWatched: true })];
    for (const each of [first, second]) bound.add(each);
    first.state.isWatched = false;
    bound.add(second);
    expect(evictions(first)).toEqual([0]);
    bound.add(holder());
    expect(evictions(first)).toEqual([1]);
  });

  it('holds nothing after it was cleared', () => {
    const bound = valueBound(1);
    const [a, b] = [holder(), holder()];
    bound.add(a);
    bound.clear();
    bound.add(b);
    expect(evictions(a)).toEqual([0]);
  });
});
