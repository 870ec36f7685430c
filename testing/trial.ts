import { randomUUID } from 'node:crypto';
import type { AccountEvents, FunctionFailure, RotationStep } from '../local/account-events.ts';
import { invokeFunction } from '../local/lambda/invoke-function.ts';
import type { LocalAws } from '../local/local-aws.ts';
import { cancelRotateSecret } from '../local/secrets-manager/cancel-rotate-secret.ts';
import { createSecret } from '../local/secrets-manager/create-secret.ts';
import { putSecretValue } from '../local/secrets-manager/put-secret-value.ts';
import { rotateSecret } from '../local/secrets-manager/rotate-secret.ts';
import type { Secret } from '../local/secrets-manager/secret.ts';
import { updateSecretVersionStage } from '../local/secrets-manager/update-secret-version-stage.ts';
import type { Statement, StrategyUnderTest, TargetUnderTest } from './strategy-under-test.ts';
import { stringsOf } from './strings-of.ts';

/** Between two attempts of a rotation, in seconds of the account's clock: none starts before the trial lets it. */
export const RETRY_DELAY_SECONDS = 3_600;

export const STEPS: readonly RotationStep[] = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];

/** One secret with its target, and what may happen to it. */
export class Trial {
  /** How often `AWSCURRENT` was refused when it was asked for between two attempts. */
  refusals = 0;
  readonly #firstStages: readonly string[];
  /** The versions that the function did not begin: the first one, and one for each rotation. */
  readonly #begun: Set<string>;
  /** What was current when the newest rotation began. */
  #replaced: string | undefined;

  private constructor(
    private readonly aws: LocalAws,
    private readonly strategy: StrategyUnderTest,
    private readonly target: TargetUnderTest,
    private readonly secret: Secret,
    private functionArn: string,
  ) {
    this.#firstStages = [...secret.stages.keys()];
    this.#begun = new Set(secret.versions.keys());
  }

  static async of(
    aws: LocalAws,
    strategy: StrategyUnderTest,
    functionArn: string,
    statement: Statement,
  ): Promise<Trial> {
    // As long as a user's name may be everywhere, with an ending.
    const Name = `trial-${randomUUID().slice(-12)}`;
    const target = await strategy.target(statement, Name);
    const value = target.secretString === undefined ? {} : { SecretString: target.secretString };
    createSecret({ Name, ClientRequestToken: randomUUID(), ...value }, aws.account);
    const secret = aws.account.secrets.find(Name);
    if (secret === undefined) throw new Error(`The secret ${Name} was not made.`);
    return new Trial(aws, strategy, target, secret, functionArn);
  }

  get arn(): string {
    return this.secret.arn;
  }

  get name(): string {
    return this.secret.name;
  }

  /** Starts a rotation, as an operator does. @returns how its first attempt ended, and its token */
  async rotate({ immediately = true } = {}): Promise<{ token: string; failure?: FunctionFailure }> {
    const token = this.#begin();
    rotateSecret(
      {
        SecretId: this.arn,
        ClientRequestToken: token,
        RotationLambdaARN: this.functionArn,
        RotateImmediately: immediately,
      },
      this.aws.account,
    );
    return { token, ...(await this.#attempt(immediately ? 'finishSecret' : 'testSecret')) };
  }

  /** Somebody who may write the secret stores another value: as the current one, or in place of what a rotation makes. */
  store(SecretString: string, pendingToken?: string): void {
    const ClientRequestToken = pendingToken ?? this.#begin();
    const VersionStages = [pendingToken === undefined ? 'AWSCURRENT' : 'AWSPENDING'];
    putSecretValue({ SecretId: this.arn, ClientRequestToken, SecretString, VersionStages }, this.aws.account);
  }

  /** Whether Secrets Manager will try a rotation again. */
  get willRetry(): boolean {
    return this.secret.lastRun?.isUnderWay === true;
  }

  /** Whether RotateSecret is refused, since `AWSPENDING` shows a rotation that is not complete. */
  get isIncomplete(): boolean {
    return this.secret.incompleteVersionId !== undefined;
  }

  /** Lets Secrets Manager try the rotation again. @returns how that ended */
  async retry(): Promise<{ failure?: FunctionFailure }> {
    if (!this.willRetry) throw new Error('Secrets Manager has ended the rotation, and will not try it again.');
    const ended = this.#attempt();
    await this.aws.account.clock.advance({ seconds: RETRY_DELAY_SECONDS });
    return ended;
  }

  /** The operator gives up: cancels the rotation, and takes `AWSPENDING` away as AWS advises. */
  abandon(how: 'cancel' | 'remove-pending'): void {
    const { account } = this.aws;
    if (how === 'cancel') cancelRotateSecret({ SecretId: this.arn }, account);
    else this.secret.lastRun?.cancel();
    const pending = this.secret.incompleteVersionId;
    if (pending === undefined) return;
    updateSecretVersionStage({ SecretId: this.arn, VersionStage: 'AWSPENDING', RemoveFromVersionId: pending }, account);
  }

  /** Attaches `AWSPENDING` to an empty version, as Secrets Manager does before createSecret. @returns its token */
  pendingVersion(): string {
    const token = this.#begin();
    this.secret.rotation = { ...this.secret.rotation, enabled: true, lambdaArn: this.functionArn };
    this.secret.addVersion(token, this.aws.account.clock.now());
    this.secret.attach('AWSPENDING', token);
    return token;
  }

  /** Another function goes on with the rotation. */
  invokeInstead(functionArn: string): void {
    this.functionArn = functionArn;
    if (this.secret.rotation) this.secret.rotation = { ...this.secret.rotation, lambdaArn: functionArn };
  }

  /** Invokes one step, or all four, by hand. @returns the first failure */
  async invoke(
    token: string,
    steps: readonly RotationStep[] = STEPS,
    secretId = this.arn,
  ): Promise<FunctionFailure | undefined> {
    for (const Step of steps) {
      const payload = { Step, SecretId: secretId, ClientRequestToken: token };
      const result = await invokeFunction(this.aws.account, { functionArn: this.functionArn, payload });
      if ('failure' in result) return result.failure;
    }
    return undefined;
  }

  /** Invokes the function for a check, as `rotaform preflight` does. @returns what it answered, as text */
  async check(): Promise<string> {
    this.secret.rotation = { ...this.secret.rotation, enabled: true, lambdaArn: this.functionArn };
    const payload = { Step: 'check', SecretId: this.arn };
    return JSON.stringify(await invokeFunction(this.aws.account, { functionArn: this.functionArn, payload }));
  }

  /** The value that applications read; undefined where there is none. */
  get current(): string | undefined {
    return this.#valueOf(this.holder('AWSCURRENT'));
  }

  /** The id of the version that has the label. */
  holder(stage: string): string | undefined {
    return this.secret.stages.get(stage);
  }

  /** Labels and values, and what the target knows, to compare before and after. Not to be printed. */
  get everything(): unknown {
    const versions = [...this.secret.versions].map(([id, { value }]) => [id, value, this.secret.stagesOf(id)]);
    return structuredClone({ versions, target: this.target.state?.() });
  }

  /** What must hold between two attempts. @returns what does not, if anything */
  async brokenPromise(): Promise<string | undefined> {
    if (this.target.secretString === undefined && this.current === undefined) return undefined;
    if (this.current !== undefined && (await this.target.accepts(this.current))) return undefined;
    this.refusals += 1;
    if (this.strategy.promise === 'overlap') return 'the target refuses AWSCURRENT before the rotation has ended';
    for (const versionId of this.secret.versions.keys()) {
      const value = this.#valueOf(versionId);
      if (value !== undefined && (await this.target.accepts(value))) return undefined;
    }
    return 'access is lost: no version has a value that the target accepts';
  }

  /** What must hold after a rotation. @returns what does not, if anything */
  async unfinished(token: string): Promise<string | undefined> {
    const { stages, versions } = this.secret;
    const strangers = [...versions.keys()].filter((versionId) => !this.#begun.has(versionId));
    if (strangers.length > 0) return 'the function stored a value under another id than the ClientRequestToken';
    if (this.holder('AWSCURRENT') !== token) return 'the new version is not AWSCURRENT';
    if (this.isIncomplete) return 'AWSPENDING is on another version than the new one';
    if (this.holder('AWSPREVIOUS') !== this.#replaced)
      return 'AWSPREVIOUS is not on the version that was current before';
    const lostStage = this.#firstStages.find((stage) => !stages.has(stage));
    if (lostStage !== undefined) return `the label ${lostStage} is lost`;
    if (this.current === undefined) return 'the new version has no value';
    const fields = fieldsOf(this.current);
    const lostField = fieldsOf(this.target.secretString).find((field) => !fields.includes(field));
    if (lostField !== undefined) return `the new value lacks the field "${lostField}"`;
    return (await this.target.accepts(this.current)) ? undefined : 'the target refuses the new value';
  }

  /** @returns what is wrong if the version is current, and the target refuses it */
  async promotedInVain(token: string): Promise<string | undefined> {
    if (this.holder('AWSCURRENT') !== token) return undefined;
    const value = this.#valueOf(token);
    if (value !== undefined && (await this.target.accepts(value))) return undefined;
    return 'finishSecret made a value current that the target refuses';
  }

  /** What exists at the target for this secret; undefined if the target cannot tell. */
  get list(): (() => readonly unknown[] | Promise<readonly unknown[]>) | undefined {
    return this.target.list?.bind(this.target);
  }

  get canRevoke(): boolean {
    return this.target.revoke !== undefined;
  }

  /** Makes the target refuse the version's value, as a person does who sets another. */
  async revoke(token: string): Promise<void> {
    await this.target.revoke?.(this.#valueOf(token) ?? '');
  }

  /** How many credentials the target has refused, as far as it counts them. */
  get refusedCredentials(): number {
    return this.target.refused?.() ?? 0;
  }

  /** Makes the target refuse the next new value for good. */
  refuseNext(): void {
    if (this.target.refuseNext === undefined) throw new Error('canRefuse is true, but the target has no refuseNext.');
    this.target.refuseNext();
  }

  /** Every string that is not the same in all versions, and so must stand in no log and no error. */
  get secrets(): string[] {
    const versions = [...this.secret.versions.keys()].map((versionId) => this.#valueOf(versionId));
    const strings = versions
      .filter((value) => value !== undefined)
      .map((value) => stringsOf(value, this.strategy.publicFields));
    return strings.flat().filter((text) => !strings.every((each) => each.includes(text)));
  }

  #begin(): string {
    const token = randomUUID();
    this.#begun.add(token);
    this.#replaced = this.holder('AWSCURRENT');
    return token;
  }

  #valueOf(versionId: string | undefined): string | undefined {
    return this.secret.versions.get(versionId ?? '')?.value?.SecretString;
  }

  /** How the attempt ends that is about to start. */
  #attempt(lastStep: RotationStep = 'finishSecret'): Promise<{ failure?: FunctionFailure }> {
    const { events } = this.aws.account;
    return new Promise((resolve) => {
      const watch = ({ secretArn, step, failure }: AccountEvents['rotationStepEnded'][0]) => {
        if (secretArn !== this.arn || (failure === undefined && step !== lastStep)) return;
        events.off('rotationStepEnded', watch);
        // The engine first writes down what has ended.
        setImmediate(() => resolve(failure === undefined ? {} : { failure }));
      };
      events.on('rotationStepEnded', watch);
    });
  }
}

function fieldsOf(secretString = '{}'): string[] {
  try {
    return Object.keys(Object(JSON.parse(secretString)));
  } catch {
    return [];
  }
}
