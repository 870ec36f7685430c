/** Settings for what AWS does not document about rotations. */
export interface RotationSettings {
  /** How many times all four steps are tried before the rotation fails. @default 3 */
  readonly attempts: number;
  /** Time on the account's clock between the end of one attempt and the start of the next. @default 1 */
  readonly retryDelaySeconds: number;
  /**
   * When within its window a secret rotates: from 0, when it opens, to 1, when it closes. @default when it opens
   */
  readonly momentInWindow: (secretArn: string) => number;
}

export const DEFAULT_ROTATION_SETTINGS: RotationSettings = {
  attempts: 3,
  retryDelaySeconds: 1,
  momentInWindow: () => 0,
};
