import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import type { ListrTask } from 'listr2';
import colors from 'picocolors';
import { deploy } from '../../local/deploy/deploy.ts';
import type { SetUp } from '../../local/local-setup.ts';
import { rotateSecret } from '../../local/secrets-manager/rotate-secret.ts';
import { messageOf } from '../../rules/message-of.ts';
import { page } from '../../rules/page.ts';
import { leaveOut } from '../leave-out.ts';
import { hasLocalSetup, readLocalSetup } from '../local-setup.ts';
import { spelled } from '../spelling.ts';
import { askVariables } from '../synth/ask-variables.ts';
import { type SynthesizedStack, synthesize } from '../synthesize.ts';
import { terraformVariables } from '../terraform-variables.ts';
import { describeDeployed } from './deployed/describe-deployed.ts';
import { rotatingSecrets } from './example-tasks.ts';
import { type Frame, runShow } from './run-show.ts';

interface Stage {
  setUp?: Required<SetUp>;
  /** The stacks, whole. */
  stacks?: readonly unknown[];
}

/** Deploys `main.ts` to an AWS on this machine, rotates its secrets, and shows what happened. @returns the exit code */
export async function showMain({ json = false }: { readonly json?: boolean } = {}): Promise<number> {
  const prepared = process.stdin.isTTY && !json && !hasLocalSetup() ? await prepare() : {};
  if (prepared === undefined) return 1;
  return runShow<Stage>({
    command: spelled('start'),
    rotation: { attempts: 2, retryDelaySeconds: 0.2 },
    stage: {},
    json,
    tasks: tasks(prepared),
    conclude,
    end: async ({ setUp }) => setUp?.close(),
  });
}

interface Prepared {
  readonly stacks?: readonly SynthesizedStack[];
  /** The variables' values that somebody typed. */
  readonly asked?: Readonly<Record<string, string>>;
}

/** Asks for what is missing while nothing moves on the terminal. @returns undefined if something is wrong, which was said */
async function prepare(): Promise<Prepared | undefined> {
  try {
    console.log('Building the functions, synthesizing main.ts …');
    const stacks = await synthesize();
    return { stacks, asked: await askVariables(stacks.map(({ json }) => json)) };
  } catch (error) {
    console.error(`\n${messageOf(error)}`);
    console.error(`\nFix the problem above, and run ${spelled('start')} again.\n`);
    return undefined;
  }
}

function tasks({ stacks: made, asked = {} }: Prepared): ListrTask<Frame & Stage>[] {
  let stacks: readonly SynthesizedStack[] = [];
  return [
    {
      title: 'Build the functions, synthesize main.ts',
      task: async (stage, task) => {
        stage.setUp = await readLocalSetup(stage.aws);
        stacks = made ?? (await synthesize({ environment: stage.setUp.environment }));
        task.title += `: ${stacks.map(({ name }) => name).join(', ')}`;
        const nobody = { input: new PassThrough(), output: new PassThrough() };
        await askVariables(
          stacks.map(({ json }) => json),
          { ...stage.setUp.variables, ...asked },
          nobody,
        );
      },
    },
    {
      title: 'Deploy to an AWS on this machine',
      rendererOptions: { persistentOutput: true },
      task: async (stage, task) => {
        const {
          aws: { account, endpoint },
          setUp,
        } = stage;
        stage.stacks = stacks.map(({ json }) => json);
        task.title += `, ${endpoint}`;
        for (const { json: whole, folder } of stacks) {
          const { json, leftOut } = leaveOut(whole);
          if (leftOut.length > 0) task.output = `Left out, since the local AWS does not have it: ${leftOut.join(', ')}`;
          await deploy(json, account, {
            folder,
            variables: terraformVariables(json, { ...setUp?.variables, ...asked }),
          });
        }
      },
    },
    {
      // Whether it succeeds is drawn below: this task is done in any case.
      title: 'Run the rotations',
      task: async ({ aws, records }, task) => {
        for (const { arn, name, account } of rotatingSecrets(aws)) {
          task.title = `Run the rotation of ${name}`;
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

/** The file of the project that a person changes: init keeps the secrets apart from the stack. */
const declarations = () => ['secrets.ts', 'secrets.js'].find((file) => existsSync(file)) ?? 'main.ts';

function conclude({ aws, records, stacks = [] }: Frame & Stage) {
  if (records.size === 0) {
    return {
      exitCode: 0,
      text: `\n  ${declarations()} declares no secret that rotates. ${page('password.md')} shows how to declare one.\n`,
    };
  }
  if ([...records.values()].some(({ failure }) => failure !== undefined)) {
    const text = `  The old value is still current. Fix the cause, and run ${spelled('start')} again.\n`;
    return { exitCode: 1, text };
  }
  const next = [
    [declarations(), `is yours: change it, and run ${spelled('start')} again`],
    [spelled('local'), 'keeps this AWS running, for your application and the AWS CLI'],
    [page('deploy.md'), 'deploys the same to AWS, with terraform or cdktf'],
    [page(''), 'passwords, schedules, a strategy of your own'],
  ] as const;
  const width = Math.max(...next.map(([what]) => what.length));
  const lines = next.map(([what, about]) => `    ${colors.bold(what)}${' '.repeat(width - what.length)}  ${about}`);
  const text = [
    '  Values are never shown. A fingerprint, new in each run, tells them apart.',
    '',
    describeDeployed(stacks, aws, records),
    '  What next',
    ...lines,
    '',
  ].join('\n');
  return { exitCode: 0, text };
}
