import type { Caller } from './account.ts';

/** The four steps, as Secrets Manager names them in the event it sends. */
export type RotationStep = 'createSecret' | 'setSecret' | 'testSecret' | 'finishSecret';

/** Why an invocation failed: Lambda's own two fields. */
export interface FunctionFailure {
  readonly errorType: string;
  readonly errorMessage: string;
}

interface Rotation {
  readonly secretArn: string;
  readonly versionId: string;
}

/** What happens in the account, as it happens. No event holds a secret value. */
export interface AccountEvents {
  /** Every API call, after it was answered; `errorCode` where it was refused. */
  call: [{ action: string; caller: Caller; secretId?: string; errorCode?: string }];
  /** One line that a function wrote to its standard output or error. */
  functionLog: [{ functionName: string; line: string }];
  rotationStarted: [Rotation];
  rotationStepStarted: [Rotation & { step: RotationStep; attempt: number }];
  rotationStepEnded: [
    Rotation & { step: RotationStep; attempt: number; durationMs: number; failure?: FunctionFailure },
  ];
  rotationSucceeded: [Rotation];
  /** After the last attempt. `AWSPENDING` stays where it is. */
  rotationFailed: [Rotation & { attempts: number; failure: FunctionFailure }];
}
