import { randomUUID } from 'node:crypto';
import type { Account } from '../account.ts';
import type { FunctionFailure, RotationStep } from '../account-events.ts';
import { AwsError } from '../aws-error.ts';
import { invokeFunction } from '../lambda/invoke-function.ts';
import { refuseUninvocable } from './refuse-uninvocable.ts';
import type { Secret } from './secret.ts';

/** How a rotation ended. `cancelled`: by CancelRotateSecret, another rotation, the secret's deletion, or the account's end. */
export type RotationOutcome = 'succeeded' | 'failed' | 'cancelled';

export interface RotationRunOptions {
  /** The version that becomes current. It is created if it does not exist. */
  readonly versionId: string;
  /** A test runs only testSecret, on a copy of the current value that is removed afterwards. */
  readonly kind: 'rotation' | 'test';
}

/** A run that was under way when the state was written. */
export interface UnfinishedRun extends RotationRunOptions {
  /** Whether its version is the copy that a test removes afterwards. */
  readonly hasCopy: boolean;
}

const STEPS: Readonly<Record<RotationRunOptions['kind'], readonly RotationStep[]>> = {
  rotation: ['createSecret', 'setSecret', 'testSecret', 'finishSecret'],
  test: ['testSecret'],
};

/** One rotation of one secret: the steps in order, and all of them again if one fails. */
export class RotationRun {
  /** Attaches `AWSPENDING` at once, and invokes the function in the background. Cancels a rotation in progress. */
  static start(secret: Secret, account: Account, options: RotationRunOptions): void {
    secret.lastRun?.cancel();
    const run = new RotationRun(secret, account, options);
    // Before anybody hears of it: who writes the state then finds it.
    secret.lastRun = run;
    run.#hasCopy = run.#attachPending();
    if (options.kind === 'rotation') account.events.emit('rotationStarted', run.#subject);
    run.#plan(1, 0);
  }

  /** Goes on with a run that the end of the local AWS interrupted, with its own token and from the first step: as AWS tries again. */
  static resume(secret: Secret, account: Account, { hasCopy, ...options }: UnfinishedRun): void {
    const run = new RotationRun(secret, account, options);
    secret.lastRun = run;
    run.#hasCopy = hasCopy;
    run.#plan(1, 0);
  }

  readonly versionId: string;
  /** Resolves when the rotation has ended. */
  readonly settled: Promise<RotationOutcome>;
  readonly #secret: Secret;
  readonly #account: Account;
  readonly #kind: RotationRunOptions['kind'];
  readonly #rotationToken = randomUUID();
  #settle: (outcome: RotationOutcome) => void = () => {};
  #isUnderWay = true;
  #cancelAttempt: (() => void) | undefined;
  #hasCopy = false;

  private constructor(secret: Secret, account: Account, { versionId, kind }: RotationRunOptions) {
    this.#secret = secret;
    this.#account = account;
    this.#kind = kind;
    this.versionId = versionId;
    this.settled = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  /** What a later local AWS needs to go on with it. Undefined if it has ended. */
  get unfinished(): UnfinishedRun | undefined {
    if (!this.#isUnderWay) return undefined;
    return { versionId: this.versionId, kind: this.#kind, hasCopy: this.#hasCopy };
  }

  get isUnderWay(): boolean {
    return this.#isUnderWay;
  }

  /** Starts no further step, and undoes nothing. Has no effect if the rotation has ended. */
  cancel(): void {
    this.#cancelAttempt?.();
    this.#end('cancelled');
  }

  get #subject() {
    return { secretArn: this.#secret.arn, versionId: this.versionId };
  }

  get #functionArn(): string {
    return this.#secret.rotation?.lambdaArn ?? '';
  }

  /** @returns whether the version is a copy of the current one */
  #attachPending(): boolean {
    const secret = this.#secret;
    secret.remember();
    const isNew = !secret.versions.has(this.versionId);
    if (isNew) {
      const version = secret.addVersion(this.versionId, this.#account.clock.now());
      if (this.#kind === 'test') version.value = secret.versions.get(secret.stages.get('AWSCURRENT') ?? '')?.value;
    }
    secret.attach('AWSPENDING', this.versionId);
    return isNew && this.#kind === 'test';
  }

  #removeCopy(): void {
    if (!this.#hasCopy) return;
    this.#secret.remember();
    this.#secret.removeVersion(this.versionId);
  }

  #plan(attempt: number, delaySeconds: number): void {
    const { clock } = this.#account;
    const date = new Date(clock.now().getTime() + delaySeconds * 1000);
    this.#cancelAttempt = clock.at(date, () => this.#attempt(attempt));
  }

  async #attempt(attempt: number): Promise<void> {
    const { attempts, retryDelaySeconds } = this.#account.rotation;
    const failed = await this.#runSteps(attempt);
    if (!this.#isUnderWay) return;
    if (!failed) {
      this.#complete();
      this.#end('succeeded');
    } else if (attempt < attempts) {
      this.#plan(attempt + 1, retryDelaySeconds);
    } else {
      this.#account.events.emit('rotationFailed', {
        ...this.#subject,
        attempts,
        ...failed,
        functionArn: this.#functionArn,
      });
      this.#end('failed');
    }
  }

  /** @returns the first step that failed, if any, and why */
  async #runSteps(attempt: number): Promise<{ step: RotationStep; failure: FunctionFailure } | undefined> {
    const { events } = this.#account;
    for (const step of STEPS[this.#kind]) {
      if (!this.#isUnderWay) return undefined;
      const about = { ...this.#subject, step, attempt };
      events.emit('rotationStepStarted', about);
      const started = performance.now();
      const failure = await this.#invoke(step);
      events.emit('rotationStepEnded', {
        ...about,
        durationMs: performance.now() - started,
        ...(failure && { failure }),
      });
      if (failure) return { step, failure };
    }
    return undefined;
  }

  async #invoke(step: RotationStep): Promise<FunctionFailure | undefined> {
    const payload = {
      Step: step,
      SecretId: this.#secret.arn,
      ClientRequestToken: this.versionId,
      RotationToken: this.#rotationToken,
    };
    try {
      const functionArn = this.#functionArn;
      refuseUninvocable(functionArn, this.#secret, this.#account);
      const result = await invokeFunction(this.#account, { functionArn, payload });
      return 'failure' in result ? result.failure : undefined;
    } catch (error) {
      // The function, its role or the permission to invoke it is gone.
      if (error instanceof AwsError) return { errorType: error.code, errorMessage: error.message };
      throw error;
    }
  }

  #complete(): void {
    if (this.#secret.stages.get('AWSPENDING') === this.versionId) {
      this.#secret.remember();
      this.#secret.stages.delete('AWSPENDING');
    }
    if (this.#kind === 'test') return;
    this.#secret.lastRotatedDate = this.#account.clock.now();
    this.#account.events.emit('rotationSucceeded', this.#subject);
  }

  #end(outcome: RotationOutcome): void {
    if (!this.#isUnderWay) return;
    this.#isUnderWay = false;
    this.#removeCopy();
    this.#settle(outcome);
    this.#account.events.emit('rotationEnded', this.#subject);
  }
}
