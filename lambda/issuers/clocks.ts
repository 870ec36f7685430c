import type { Answer } from './ask.ts';

/** Clocks that differ by less are no reason. */
export const CLOCKS_AGREE_SECONDS = 60;

/** What to add to a refusal if this machine's clock may be why; empty if the clocks agree. */
export function clockHint({ clockAheadSeconds }: Answer, whose: string): string {
  if (Math.abs(clockAheadSeconds) < CLOCKS_AGREE_SECONDS) return '';
  return ` This clock is ${clockAheadSeconds} s ahead of ${whose}: set the one that is wrong.`;
}
