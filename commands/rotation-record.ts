import type { FunctionFailure, RotationStep } from '../local/account-events.ts';

/** What happened in one rotation, for a picture of it. Holds no secret value. */
export interface RotationRecord {
  readonly secretName: string;
  /** The version that was to become current. */
  readonly versionId: string;
  /** The steps of the last attempt. Empty if nobody could see them. */
  readonly steps: StepRecord[];
  attempts: number;
  /** Versions with a label, oldest first, at three moments. */
  readonly versions: { before: LabelledVersion[]; during: LabelledVersion[]; after: LabelledVersion[] };
  failure?: FunctionFailure;
}

export interface StepRecord {
  readonly step: RotationStep;
  durationMs: number;
  /** The function's calls to Secrets Manager. Undefined if nobody counted them. */
  calls?: number;
  /** Whether the function's process started for it. Undefined if nobody knows. */
  readonly isColdStart?: boolean;
  failure?: FunctionFailure;
}

export interface LabelledVersion {
  readonly versionId: string;
  readonly stages: readonly string[];
  /** Tells values apart without showing them. Undefined if there is no value, or nobody read it. */
  readonly fingerprint?: string | undefined;
}
