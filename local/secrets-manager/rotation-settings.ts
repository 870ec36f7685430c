/** What AWS does not document about rotations, and so can be chosen here. */
export interface RotationSettings {
  /** How often the whole four-step process is tried before the rotation has failed. @default 3 */
  readonly attempts: number;
  /** Time on the account's clock between the end of one attempt and the start of the next. @default 1 */
  readonly retryDelaySeconds: number;
  /**
   * When within its window a secret rotates: from 0, as it opens, to 1, as it closes. @default as it opens
   */
  readonly momentInWindow: (secretArn: string) => number;
}

export const DEFAULT_ROTATION_SETTINGS: RotationSettings = {
  attempts: 3,
  retryDelaySeconds: 1,
  momentInWindow: () => 0,
};
