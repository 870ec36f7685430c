/**
 * What the alarms tell: of rotations that fail in each step and for each cause, and of a thousand that succeed, on the local AWS and its
 * clock. With a trail, a message names the rotation besides.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider/index.js';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { App, TerraformStack } from 'cdktf';
import { RotatedSecret, Rotation, RotationAlarms, RotationFunction, Schedule } from '../constructs/index.ts';
import { deploy } from '../local/deploy/deploy.ts';
import type { FaultKind } from '../local/faults/fault.ts';
import { localAws } from '../local/local-aws.ts';
import { startInProcess } from '../testing/in-process-function.ts';
import { machine } from './machine.ts';

const builder = fileURLToPath(new URL('../constructs/code/build-functions.ts', import.meta.url));
execFileSync(process.execPath, ['--import', 'tsx', builder]);
process.removeAllListeners('warning');

/** Secrets that share a function and rotate daily, with their alarms. */
async function watched(count: number) {
  const aws = await localAws({ startFunction: startInProcess, rotation: { attempts: 3, retryDelaySeconds: 60 } });
  const { account } = aws;
  const raised = new Map<string, number>();
  const seen = { raised, messages: 0, rotations: 0 };
  account.events.on('alarm', ({ name, state }) => {
    if (state === 'ALARM') raised.set(name, (raised.get(name) ?? 0) + 1);
  });
  account.events.on('notification', ({ message }) => {
    if (!message.startsWith('{')) seen.messages += 1;
  });
  account.events.on('rotationSucceeded', () => {
    seen.rotations += 1;
  });
  const outdir = mkdtempSync(path.join(tmpdir(), 'rotaform-alarms-'));
  const app = new App({ outdir });
  const stack = new TerraformStack(app, 's');
  new AwsProvider(stack, 'aws', { region: account.region });
  new ArchiveProvider(stack, 'archive');
  const rotation = new RotationFunction(stack, 'f', {
    functionName: 'rotate',
    rotation: Rotation.password(),
    secretNamePrefix: 's/',
  });
  for (let index = 0; index < count; index += 1) {
    new RotatedSecret(stack, `s${index}`, { name: `s/${index}`, rotation, schedule: Schedule.rate({ days: 1 }) });
  }
  new RotationAlarms(stack, 'alarms', { email: 'team@example.com', name: 'alarms' });
  app.synth();
  const folder = path.join(outdir, 'stacks/s');
  await deploy(JSON.parse(readFileSync(path.join(folder, 'cdk.tf.json'), 'utf8')), account, { folder });
  rmSync(outdir, { recursive: true });
  for (const { name } of account.secrets.all()) await aws.rotationSettled(name);
  return { aws, seen };
}

/** Each step calls one of these. */
const STEPS = { createSecret: 'PutSecretValue', finishSecret: 'UpdateSecretVersionStage' } as const;
const CAUSES: readonly FaultKind[] = ['fail-before', 'fail-after', 'throttle', 'kill-before', 'kill-after'];

console.log(`Alarms\n${machine()}\n`);
const rows: Record<string, unknown>[] = [];
for (const [step, action] of Object.entries(STEPS)) {
  for (const kind of CAUSES) {
    const { aws, seen } = await watched(1);
    aws.faults.add({ action, kind, times: Number.POSITIVE_INFINITY });
    await aws.account.clock.advance({ days: 1, hours: 2 });
    rows.push({
      step,
      cause: kind,
      alarms: [...seen.raised].map(([name, times]) => `${name} ${times}×`).join(', '),
      messages: seen.messages,
      rotated: seen.rotations > 1,
    });
    await aws.close();
  }
}
const never = await watched(1);
never.aws.account.secrets.find('s/0')?.rotation?.next?.cancel();
await never.aws.account.clock.advance({ days: 4 });
rows.push({
  step: 'none',
  cause: 'never started',
  alarms: [...never.seen.raised.keys()].join(', '),
  messages: never.seen.messages,
  rotated: false,
});
await never.aws.close();
console.table(rows);

const clean = await watched(20);
await clean.aws.account.clock.advance({ days: 50 });
console.table({
  rotations: clean.seen.rotations,
  'false alarms': clean.seen.raised.size,
  messages: clean.seen.messages,
});
await clean.aws.close();
if (clean.seen.raised.size > 0 || rows.some(({ alarms, rotated }) => alarms === '' && !rotated)) process.exitCode = 1;
