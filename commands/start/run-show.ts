import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Listr, type ListrTask } from 'listr2';
import colors from 'picocolors';
import { type LocalAws, localAws } from '../../local/local-aws.ts';
import type { RotationSettings } from '../../local/secrets-manager/rotation-settings.ts';
import { drawRotation } from '../draw-rotation.ts';
import type { RotationRecord } from '../rotation-record.ts';
import { recordRotations } from './record-rotations.ts';

/** What the tasks of every show share. */
export interface Frame {
  readonly aws: LocalAws;
  /** The show's own temporary folder: what an example synthesizes goes here, not into the project. */
  readonly folder: string;
  /** The rotations so far, by the secret's ARN. */
  readonly records: ReadonlyMap<string, RotationRecord>;
}

/** One show: what it does on a local AWS, and what it says at the end. */
export interface Show<Stage extends object> {
  /** What starts it, such as `npm start -- google`. */
  readonly command: string;
  /** Whether one line of JSON is all that it prints. @default false */
  readonly json?: boolean;
  /** @default one attempt, so that a failure shows at once */
  readonly rotation?: Partial<RotationSettings>;
  /** What its tasks hand on to each other, at the beginning. */
  readonly stage: Stage;
  readonly tasks: readonly ListrTask<Frame & Stage>[];
  /** Called after the pictures of the rotations. */
  conclude(stage: Frame & Stage): { readonly text: string; readonly exitCode: number; readonly json?: object };
  /** Stops what the tasks started. Called after the local AWS has stopped. */
  end?(stage: Frame & Stage): Promise<void>;
}

/** Runs the show, draws its rotations, and cleans up. @returns the exit code */
export async function runShow<Stage extends object>(show: Show<Stage>): Promise<number> {
  const aws = await localAws({ rotation: show.rotation ?? { attempts: 1, retryDelaySeconds: 0 } });
  const records = recordRotations(aws.account);
  const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-show-'));
  const stage = { ...show.stage, aws, folder, records };
  const isSilent = show.json === true;
  try {
    await new Listr<Frame & Stage>([...show.tasks], {
      silentRendererCondition: isSilent,
      fallbackRenderer: 'simple',
    }).run(stage);
    if (!isSilent) draw([...records.values()]);
    const { text, exitCode, json } = show.conclude(stage);
    console.log(isSilent ? JSON.stringify(json ?? { rotations: [...records.values()] }) : text);
    return exitCode;
  } catch (error) {
    if (isSilent) throw error;
    // The task that failed has shown the error; the picture shows why a rotation failed.
    draw([...records.values()].filter(({ failure }) => failure !== undefined));
    console.error(`\nFix the problem above, and run ${show.command} again.\n`);
    return 1;
  } finally {
    await aws.close();
    rmSync(folder, { recursive: true });
    await show.end?.(stage);
  }
}

function draw(records: readonly RotationRecord[]): void {
  for (const record of records) {
    console.log(drawRotation(record));
    if (record.failure) console.log(`  ${colors.red(record.failure.errorMessage)}\n`);
  }
}
