/**
 * What follows rotations, on the local AWS: restarts of one service for each rotation, for first versions, and for rotations that fail;
 * and the time from AWSCURRENT to the restart, on this machine.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider/index.js';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { App, TerraformStack } from 'cdktf';
import { OnRotated, RotatedSecret, Rotation, Schedule } from '../constructs/index.ts';
import { deploy } from '../local/deploy/deploy.ts';
import { localAws } from '../local/local-aws.ts';
import { startInProcess } from '../testing/in-process-function.ts';
import { machine } from './machine.ts';

const builder = fileURLToPath(new URL('../constructs/code/build-functions.ts', import.meta.url));
execFileSync(process.execPath, ['--import', 'tsx', builder]);
process.removeAllListeners('warning');

const aws = await localAws({ startFunction: startInProcess, trail: false, rotation: { attempts: 1 } });
const { account } = aws;
const seen = { versions: 0, rotations: 0, restarts: 0, failed: 0 };
const seconds: number[] = [];
let movedMs = 0;
account.events.prependListener('labelMoved', ({ label }) => {
  if (label !== 'AWSCURRENT') return;
  movedMs = performance.now();
  seen.versions += 1;
});
account.events.on('rotationSucceeded', () => {
  seen.rotations += 1;
});
account.events.on('rotationFailed', () => {
  seen.failed += 1;
});
account.events.on('deployment', () => {
  seconds.push((performance.now() - movedMs) / 1000);
  seen.restarts += 1;
});

const outdir = mkdtempSync(path.join(tmpdir(), 'rotaform-followers-'));
const app = new App({ outdir });
const stack = new TerraformStack(app, 's');
new AwsProvider(stack, 'aws', { region: account.region });
new ArchiveProvider(stack, 'archive');
new RotatedSecret(stack, 'db', {
  name: 'db',
  rotation: Rotation.password(),
  schedule: Schedule.rate({ days: 1 }),
  onRotated: [OnRotated.ecsService({ clusterName: 'apps', serviceName: 'web' })],
});
app.synth();
const folder = path.join(outdir, 'stacks/s');
await deploy(JSON.parse(readFileSync(path.join(folder, 'cdk.tf.json'), 'utf8')), account, { folder });
rmSync(outdir, { recursive: true });
await aws.rotationSettled('db');
await account.clock.advance({ days: 99, hours: 12 });
const afterRotations = { ...seen };
aws.faults.add({ action: 'UpdateSecretVersionStage', kind: 'fail-before', times: Number.POSITIVE_INFINITY });
await account.clock.advance({ days: 10 });
const failed = { failed: seen.failed, restarts: seen.restarts - afterRotations.restarts };
await aws.close();

console.log(`What follows a rotation\n${machine()}\n`);
console.table({
  'first versions': {
    count: afterRotations.versions - afterRotations.rotations,
    restarts: afterRotations.restarts - afterRotations.rotations,
  },
  rotations: { count: afterRotations.rotations, restarts: afterRotations.restarts },
  'rotations that failed': { count: failed.failed, restarts: failed.restarts },
});
console.log(`Seconds from AWSCURRENT to the restart, at most: ${Math.max(...seconds).toFixed(3)}`);
if (afterRotations.restarts !== afterRotations.rotations || failed.restarts > 0 || failed.failed === 0)
  process.exitCode = 1;
