import type { LocalAws } from './local-aws.ts';

/**
 * What `rotaform.local.ts` exports as `setup`: makes what the secrets of a project open, on this machine, before `rotaform start`
 * and `rotaform local --deploy` synthesize and deploy.
 */
export type LocalSetup = (aws: LocalAws) => Promise<SetUp>;

export interface SetUp {
  /** Variables of the environment for the program that synthesizes. @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /** The values of the stacks' variables. @default none */
  readonly variables?: Readonly<Record<string, string>>;
  /** Ends what was started. Called when the local AWS has stopped. @default nothing to end */
  readonly close?: () => Promise<void>;
}
