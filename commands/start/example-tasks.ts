import path from 'node:path';
import type { ListrTask } from 'listr2';
import { deploy } from '../../local/deploy/deploy.ts';
import type { LocalAws } from '../../local/local-aws.ts';
import { type SynthesizedStack, synthesize } from '../synthesize.ts';
import type { Frame } from './run-show.ts';

export interface Example<Stage> {
  /** Such as `examples/postgres/main.ts`. */
  readonly main: string;
  /** The variables of the environment that it reads. */
  environment(stage: Frame & Stage): Readonly<Record<string, string>>;
  /** The values of its stack's variables. */
  variables(stage: Frame & Stage): Readonly<Record<string, unknown>>;
}

/** Synthesizes and deploys an example, and waits for the first rotation of each of its secrets. */
export function exampleTasks<Stage>({ main, environment, variables }: Example<Stage>): ListrTask<Frame & Stage>[] {
  let stacks: readonly SynthesizedStack[] = [];
  return [
    {
      title: `Build the functions, synthesize ${main}`,
      task: async (stage) => {
        const output = path.join(stage.folder, 'cdktf.out');
        stacks = await synthesize({ main, output, environment: environment(stage) });
      },
    },
    {
      title: 'Deploy to an AWS on this machine, which rotates at once',
      task: async (stage) => {
        const { account } = stage.aws;
        for (const { json, folder } of stacks) await deploy(json, account, { folder, variables: variables(stage) });
        for (const { arn } of rotatingSecrets(stage.aws)) await rotated(stage.aws, arn);
      },
    },
  ];
}

/** The secrets that rotate, in all accounts and regions. */
export const rotatingSecrets = (aws: LocalAws) =>
  aws.accounts().flatMap((account) =>
    account.secrets
      .all()
      .filter(({ rotation }) => rotation !== undefined)
      .map(({ arn, name }) => ({ arn, name, account })),
  );

/** Waits for the secret's rotation. @throws Error the rotation did not succeed; its record says why. */
export async function rotated(aws: LocalAws, secretId: string): Promise<void> {
  const outcome = await aws.rotationSettled(secretId);
  if (outcome !== 'succeeded') throw new Error(`The rotation of ${secretId} has ${outcome}.`);
}
