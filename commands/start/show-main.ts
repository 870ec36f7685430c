import { randomUUID } from 'node:crypto';
import { Listr } from 'listr2';
import colors from 'picocolors';
import { deploy } from '../../local/deploy/deploy.ts';
import { type LocalAws, localAws } from '../../local/local-aws.ts';
import { rotateSecret } from '../../local/secrets-manager/rotate-secret.ts';
import { drawRotation } from '../draw-rotation.ts';
import type { RotationRecord } from '../rotation-record.ts';
import { type SynthesizedStack, synthesize } from '../synthesize.ts';
import { terraformVariables } from '../terraform-variables.ts';
import { recordRotations } from './record-rotations.ts';

type Records = ReadonlyMap<string, RotationRecord>;

/** Deploys `main.ts` to an AWS on this machine, rotates its secrets, and shows what happened. @returns the exit code */
export async function showMain(): Promise<number> {
  const aws = await localAws({ rotation: { attempts: 2, retryDelaySeconds: 0.2 } });
  try {
    const records = recordRotations(aws.account);
    await progress(aws, records);
    return tell(records);
  } catch {
    // The progress has shown the error where it happened.
    console.error('\nNothing was rotated. Mend what is said above, and run npm start again.\n');
    return 1;
  } finally {
    await aws.close();
  }
}

function progress({ account, endpoint, rotationSettled }: LocalAws, records: Records): Promise<unknown> {
  let stacks: SynthesizedStack[] = [];
  const names = () => stacks.map(({ name }) => name).join(', ');
  const tasks = new Listr(
    [
      {
        title: 'Build the functions, synthesize main.ts',
        task: async (_, task) => {
          stacks = await synthesize();
          task.title += `: ${names()}`;
        },
      },
      {
        title: `Deploy to an AWS on this machine, ${endpoint}`,
        task: async () => {
          for (const { json, folder } of stacks) {
            await deploy(json, account, { folder, variables: terraformVariables(json) });
          }
        },
      },
      {
        title: 'Rotate',
        task: async (_, task) => {
          for (const { arn, name, rotation } of account.secrets.all()) {
            if (rotation === undefined) continue;
            task.title = `Rotate ${name}`;
            await rotationSettled(arn);
            if (records.has(arn)) continue;
            // Declared with rotateImmediately: false.
            rotateSecret({ SecretId: arn, ClientRequestToken: randomUUID() }, account, { arn: '' });
            await rotationSettled(arn);
          }
        },
      },
    ],
    { fallbackRenderer: 'simple' },
  );
  return tasks.run();
}

/** Draws each rotation, and says what to do next. @returns the exit code */
function tell(records: Records): number {
  for (const record of records.values()) {
    console.log(drawRotation(record));
    if (record.failure) console.log(`  ${colors.red(record.failure.errorMessage)}\n`);
  }
  const failed = [...records.values()].filter(({ failure }) => failure !== undefined);
  if (failed.length > 0) {
    console.log('  The value that was current before is still current. Mend the cause, and run npm start again.\n');
    return 1;
  }
  if (records.size === 0) {
    console.log('\n  main.ts declares no secret that rotates. Declare one: docs/password.md shows how.\n');
    return 0;
  }
  console.log(`  Values are never shown: a fingerprint, new in each run, tells them apart.

  What next
    ${colors.bold('main.ts')}            is yours: change it, and run npm start again
    ${colors.bold('npm run local')}      keeps this AWS running, for your application and the AWS CLI
    ${colors.bold('docs/deploy.md')}     deploys the same to AWS, with terraform or cdktf
    ${colors.bold('docs/')}              passwords, schedules, a strategy of your own
`);
  return 0;
}
