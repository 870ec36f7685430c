/** What a cache has done since it was made. */
export interface CacheCounts {
  /** Values handed out fresh, without a call. */
  hits: number;
  /** Values handed out stale, while another read was under way or failing. */
  stale: number;
  /** Values that a call was waited for. */
  misses: number;
  /** Calls of Secrets Manager; the AWS SDK's own retries of a call are not counted. */
  calls: number;
  /** Of these, the failed ones. */
  failedCalls: number;
  /** Changes of the version that is handed out. */
  rotations: number;
  /** Versions that what they open refused. */
  refusals: number;
  /** Values that were read again only because `maxSecrets` left no room for them. */
  noRoom: number;
}

export function cacheCounts(): CacheCounts {
  return { hits: 0, stale: 0, misses: 0, calls: 0, failedCalls: 0, rotations: 0, refusals: 0, noRoom: 0 };
}
