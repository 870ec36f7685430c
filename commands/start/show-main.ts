import { randomUUID } from 'node:crypto';
import type { ListrTask } from 'listr2';
import colors from 'picocolors';
import { deploy } from '../../local/deploy/deploy.ts';
import { rotateSecret } from '../../local/secrets-manager/rotate-secret.ts';
import { type SynthesizedStack, synthesize } from '../synthesize.ts';
import { terraformVariables } from '../terraform-variables.ts';
import { rotatingSecrets } from './example-tasks.ts';
import { type Frame, runShow } from './run-show.ts';

/** Deploys `main.ts` to an AWS on this machine, rotates its secrets, and shows what happened. @returns the exit code */
export function showMain(): Promise<number> {
  return runShow<object>({
    command: 'npm start',
    rotation: { attempts: 2, retryDelaySeconds: 0.2 },
    stage: {},
    tasks: tasks(),
    conclude,
  });
}

function tasks(): ListrTask<Frame>[] {
  let stacks: readonly SynthesizedStack[] = [];
  return [
    {
      title: 'Build the functions, synthesize main.ts',
      task: async (_, task) => {
        stacks = await synthesize();
        task.title += `: ${stacks.map(({ name }) => name).join(', ')}`;
      },
    },
    {
      title: 'Deploy to an AWS on this machine',
      task: async ({ aws: { account, endpoint } }, task) => {
        task.title += `, ${endpoint}`;
        for (const { json, folder } of stacks) {
          await deploy(json, account, { folder, variables: terraformVariables(json) });
        }
      },
    },
    {
      title: 'Rotate',
      task: async ({ aws, records }, task) => {
        for (const { arn, name, account } of rotatingSecrets(aws)) {
          task.title = `Rotate ${name}`;
          await aws.rotationSettled(arn);
          if (records.has(arn)) continue;
          // Declared with rotateImmediately: false.
          rotateSecret({ SecretId: arn, ClientRequestToken: randomUUID() }, account);
          await aws.rotationSettled(arn);
        }
      },
    },
  ];
}

function conclude({ records }: Frame) {
  if (records.size === 0) {
    return {
      exitCode: 0,
      text: '\n  main.ts declares no secret that rotates. docs/password.md shows how to declare one.\n',
    };
  }
  if ([...records.values()].some(({ failure }) => failure !== undefined)) {
    const text = '  The old value is still current. Fix the cause, and run npm start again.\n';
    return { exitCode: 1, text };
  }
  const text = `  Values are never shown. A fingerprint, new in each run, tells them apart.

  What next
    ${colors.bold('main.ts')}            is yours: change it, and run npm start again
    ${colors.bold('npm run local')}      keeps this AWS running, for your application and the AWS CLI
    ${colors.bold('docs/deploy.md')}     deploys the same to AWS, with terraform or cdktf
    ${colors.bold('docs/')}              passwords, schedules, a strategy of your own
`;
  return { exitCode: 0, text };
}
