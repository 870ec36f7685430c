import type { Caller } from './account.ts';
import type { AlarmState } from './cloudwatch/alarm.ts';
import type { FaultKind } from './faults/fault.ts';

/** The four steps, as Secrets Manager names them in the event it sends. */
export type RotationStep = 'createSecret' | 'setSecret' | 'testSecret' | 'finishSecret';

/** Why an invocation failed: Lambda's own two fields. */
export interface FunctionFailure {
  readonly errorType: string;
  readonly errorMessage: string;
}

/** One API call: by a client, by a function, or by AWS on behalf of a function. */
export interface CallEvent {
  /** AWS itself calls `xray` for a function's role, and sometimes `kms` and `logs`: such calls are judged and do nothing else. */
  readonly service:
    | 'secretsmanager'
    | 'logs'
    | 'lambda'
    | 'iam'
    | 'sts'
    | 'scheduler'
    | 'kms'
    | 'sns'
    | 'sqs'
    | 'states'
    | 'ecs'
    | 'events'
    | 'cloudwatch'
    | 'xray';
  /** Such as `GetSecretValue`. */
  readonly action: string;
  readonly caller: Caller;
  /** Where the call was made: twelve digits, and such as `us-east-1`. */
  readonly accountId: string;
  readonly region: string;
  /** As the caller named it. */
  readonly secretId?: string;
  /** The versions and labels that the request names, by the request's own fields, such as `VersionStage`. */
  readonly versions?: Readonly<Record<string, string | undefined>>;
  /** Why it was refused: AWS's own two fields. Absent if the call took effect, even if the answer was lost. */
  readonly errorCode?: string;
  readonly errorMessage?: string;
  /** The faults that it met. */
  readonly faults?: readonly FaultKind[];
}

/** Which run of which secret. */
interface RunSubject {
  readonly secretArn: string;
  readonly versionId: string;
}

/** What happens in the account, as it happens. No event holds a secret value. */
export interface AccountEvents {
  /** Every API call, once it has taken effect or was refused. */
  call: [CallEvent];
  /** One line that a function wrote to its standard output or error. There is none if its role may not write the log. */
  functionLog: [{ functionName: string; line: string }];
  /** A CloudWatch alarm has another state. */
  alarm: [{ name: string; description: string; state: AlarmState; previous: AlarmState; reason: string }];
  /** A message to a topic, and the addresses that it goes to. */
  notification: [{ topicArn: string; subject?: string; message: string; recipients: readonly string[] }];
  /** A message of EventBridge to a queue, another bus, or a webhook. */
  message: [{ targetArn: string; message: string }];
  /** ECS begins a new deployment of a service. */
  deployment: [{ cluster: string; service: string }];
  /** A staging label is on another version: any label but `AWSPENDING` and `AWSPREVIOUS`. */
  labelMoved: [{ secretArn: string; label: string; versionId: string }];
  rotationStarted: [RunSubject];
  rotationStepStarted: [RunSubject & { step: RotationStep; attempt: number }];
  rotationStepEnded: [
    RunSubject & { step: RotationStep; attempt: number; durationMs: number; failure?: FunctionFailure },
  ];
  rotationSucceeded: [RunSubject];
  /** After the last attempt. `AWSPENDING` stays where it is. */
  rotationFailed: [
    RunSubject & { attempts: number; step: RotationStep; functionArn: string; failure: FunctionFailure },
  ];
  /** However it ended: a test of the function too. */
  rotationEnded: [RunSubject];
  /** A new current value took `AWSPENDING` from this version. */
  rotationAbandoned: [RunSubject];
}
