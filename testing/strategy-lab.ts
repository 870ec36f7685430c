import { randomUUID } from 'node:crypto';
import type { Fault } from '../local/faults/fault.ts';
import { type LocalAws, localAws } from '../local/local-aws.ts';
import { createSecret } from '../local/secrets-manager/create-secret.ts';
import { archiveOf } from './archive-of.ts';
import { decodings } from './decodings.ts';
import { deployFunction } from './deploy-function.ts';
import { startInProcess } from './in-process-function.ts';
import { Statements } from './statements.ts';
import type { StrategyUnderTest } from './strategy-under-test.ts';
import { stringsOf } from './strings-of.ts';
import { RETRY_DELAY_SECONDS, Trial } from './trial.ts';
import type { FunctionRequest, Trouble, TroubleKind } from './trouble.ts';

const PATIENT_SECONDS = 60;

export interface StrategyLabOptions {
  /** @default 60 */
  readonly timeoutSeconds?: number;
  /** The function's zip. @default made from the strategy's entry */
  readonly archive?: Uint8Array;
  /** Whether the function runs in processes of its own, which end even an endless loop. @default false */
  readonly ownProcesses?: boolean;
}

/** A place to try a strategy in: a local AWS of its own, with the strategy's function. */
export class StrategyLab {
  /** Everything that the function wrote or failed with. */
  readonly #said: string[] = [];
  #requests: FunctionRequest[] = [];
  #trials: { trial: Trial; statements: Statements }[] = [];
  #troubles: Trouble[] = [];
  #struck: TroubleKind[] = [];

  private constructor(
    private readonly aws: LocalAws,
    private readonly strategy: StrategyUnderTest,
    private readonly functionArn: string,
    private readonly patientArn: string,
  ) {
    const { events } = aws.account;
    events.on('call', ({ service, action, caller, faults = [] }) => {
      if (service !== 'secretsmanager' || !caller.arn.includes(':assumed-role/')) return;
      this.#record('Secrets Manager', action);
      this.#struck.push(...faults);
    });
    events.on('functionLog', ({ line }) => this.#said.push(line));
    events.on('rotationStepEnded', ({ failure }) => failure && this.#said.push(failure.errorMessage));
  }

  static async open(
    strategy: StrategyUnderTest,
    {
      timeoutSeconds = PATIENT_SECONDS,
      archive = archiveOf(strategy.entry, strategy.trim),
      ownProcesses = false,
    }: StrategyLabOptions = {},
  ): Promise<StrategyLab> {
    const aws = await localAws({
      rotation: { attempts: 100, retryDelaySeconds: RETRY_DELAY_SECONDS },
      startFunction: ownProcesses ? undefined : startInProcess,
    });
    for (const [Name, SecretString] of Object.entries(strategy.secrets ?? {})) {
      createSecret({ Name, SecretString, ClientRequestToken: randomUUID() }, aws.account);
    }
    const environment = strategy.environment ?? {};
    const deploy = (seconds: number) => deployFunction(aws.account, { archive, environment, timeoutSeconds: seconds });
    return new StrategyLab(aws, strategy, await deploy(timeoutSeconds), await deploy(PATIENT_SECONDS));
  }

  /** A fresh secret with its target. */
  async trial(): Promise<Trial> {
    const statements = new Statements({
      onStatement: (name, trouble) => {
        this.#record('the target', name);
        if (trouble) this.#struck.push(trouble.kind);
      },
      kill: () => this.kill(),
    });
    const trial = await Trial.of(this.aws, this.strategy, this.functionArn, statements.run);
    this.#trials.push({ trial, statements });
    return trial;
  }

  /** Lets the trial go on with a function that has more time: a busy machine is no reason to fail. */
  giveTime(trial: Trial): void {
    trial.invokeInstead(this.patientArn);
  }

  /** What the function asks for while the work is done, in order. */
  async requests(work: () => Promise<unknown>): Promise<readonly FunctionRequest[]> {
    this.#requests = [];
    await work();
    return [...this.#requests];
  }

  /** Lets requests of the newest trial's function go wrong, until `clear`. They count from now. */
  add(...troubles: readonly Trouble[]): void {
    this.#troubles.push(...troubles);
    for (const { to, name, ...trouble } of troubles) {
      if (to === 'the target') this.#trials.at(-1)?.statements.add({ to, name, ...trouble });
      else this.aws.faults.add({ action: '*', ...trouble } as Fault);
    }
  }

  /** What was to go wrong since the last `clear`, and did not. */
  get missed(): readonly Trouble[] {
    const struck = [...this.#struck];
    return this.#troubles.filter(({ kind }) => {
      const at = struck.indexOf(kind);
      if (at !== -1) struck.splice(at, 1);
      return at === -1;
    });
  }

  /** Lets nothing more go wrong. */
  clear(): void {
    this.aws.faults.clear();
    for (const { statements } of this.#trials) statements.clear();
    this.#troubles = [];
    this.#struck = [];
  }

  /** Whether the function wrote that, or failed with it. */
  hasSaid(text: string): boolean {
    return this.#said.some((line) => line.includes(text));
  }

  /** What the function answered counts as said. */
  hear(answer: string): void {
    this.#said.push(answer);
  }

  /** How many values of its trials' secrets the function wrote, or failed with; forgets the trials. */
  leaks(): number {
    const { secrets: named = {}, publicFields } = this.strategy;
    const others = Object.values(named).flatMap((value) => stringsOf(value, publicFields));
    const secrets = [...others, ...this.#trials.splice(0).flatMap(({ trial }) => trial.secrets)];
    const said = decodings(this.#said.splice(0).join('\n')).join('\n');
    return new Set(secrets.filter((secret) => said.includes(secret))).size;
  }

  /** Whether a value of the other secrets is in what a foreign endpoint heard. */
  hasHeardOthers(heard: string): boolean {
    const { secrets = {}, publicFields } = this.strategy;
    const values = Object.values(secrets).flatMap((value) => stringsOf(value, publicFields));
    const read = decodings(heard).join('\n');
    return values.some((value) => read.includes(value));
  }

  close(): Promise<void> {
    return this.aws.close();
  }

  #record(to: FunctionRequest['to'], name: string): void {
    const nth = this.#requests.filter((request) => request.to === to).length + 1;
    this.#requests.push({ to, name, nth });
  }

  /** Ends the function's process: the next step finds a new one. */
  async kill(): Promise<void> {
    await this.aws.account.functions.find(this.functionArn)?.kill();
  }
}
