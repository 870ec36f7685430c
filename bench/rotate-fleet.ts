import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider/index.js';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { App, TerraformStack } from 'cdktf';
import { RotatedSecret, Rotation, RotationFunction, Schedule } from '../constructs/index.ts';
import { deploy } from '../local/deploy/deploy.ts';
import { type LocalAws, localAws } from '../local/local-aws.ts';

const PREFIX = 'tenants/';
const FUNCTION = 'rotate-tenants';
/** What Secrets Manager lets one account do in a second with these two together is 50. */
const WRITES: readonly string[] = ['PutSecretValue', 'UpdateSecretVersionStage'];
const HALF_AN_HOUR_MS = 1_800_000;
const DAY_MS = 86_400_000;

/** What a fleet costs that does not depend on the machine. */
export interface Fleet {
  readonly secrets: number;
  /** Of the role's policy, as IAM counts them: without white space. */
  readonly policyBytes: number;
  readonly permissionStatements: number;
}

export interface RotatedFleet extends Fleet {
  /** In one day: one for each secret, where none fails. */
  readonly rotations: number;
  readonly callsPerRotation: number;
  /** On the account's clock. */
  readonly peakWritesPerSecond: number;
}

/** Deploys so many secrets and the one function that they share, from one synthesized stack. */
export function deployedFleet(secrets: number): Promise<Fleet> {
  return withFleet(secrets, async (aws) => fleetIn(aws, secrets));
}

/**
 * The same, rotated for a day: each secret in its own hour of a window of 24, at a moment of that hour which the hash of its
 * ARN chooses, as Secrets Manager may choose any.
 */
export function rotatedFleet(secrets: number): Promise<RotatedFleet> {
  return withFleet(secrets, async (aws) => {
    for (const name of namesOf(secrets)) await aws.rotationSettled(name);
    const { clock, events } = aws.account;
    const writes = new Map<number, number>();
    let [calls, rotations] = [0, 0];
    events.on('rotationSucceeded', () => {
      rotations += 1;
    });
    events.on('call', ({ service, action }) => {
      if (service !== 'secretsmanager') return;
      calls += 1;
      const second = Math.floor(clock.now().getTime() / 1000);
      if (WRITES.includes(action)) writes.set(second, (writes.get(second) ?? 0) + 1);
    });
    await clock.advance({ seconds: (DAY_MS + untilMidnightMs(aws)) / 1000 });
    return {
      ...fleetIn(aws, secrets),
      rotations,
      callsPerRotation: calls / rotations,
      peakWritesPerSecond: Math.max(...writes.values()),
    };
  });
}

async function withFleet<Result>(secrets: number, use: (aws: LocalAws) => Promise<Result>): Promise<Result> {
  const outdir = mkdtempSync(path.join(tmpdir(), 'rotaform-fleet-'));
  const aws = await localAws({ rotation: { momentInWindow: (arn) => hashOf(arn) / 2 ** 32 } });
  try {
    // No window opens while the fleet is deployed.
    await aws.account.clock.advance({ seconds: (untilMidnightMs(aws) + DAY_MS - HALF_AN_HOUR_MS) / 1000 });
    const folder = synthesize(secrets, outdir);
    const stack: unknown = JSON.parse(readFileSync(path.join(folder, 'cdk.tf.json'), 'utf8'));
    await deploy(stack, aws.account, { folder });
    return await use(aws);
  } finally {
    await aws.close();
    rmSync(outdir, { recursive: true });
  }
}

function synthesize(secrets: number, outdir: string): string {
  const app = new App({ outdir });
  const stack = new TerraformStack(app, 'fleet');
  new AwsProvider(stack, 'aws', { region: 'us-east-1' });
  new ArchiveProvider(stack, 'archive');
  const rotation = new RotationFunction(stack, 'function', {
    functionName: FUNCTION,
    rotation: Rotation.password(),
    secretNamePrefix: PREFIX,
  });
  const schedule = Schedule.cron('0 0 * * ? *', { windowHours: 24 });
  for (const name of namesOf(secrets)) {
    new RotatedSecret(stack, name, { name, rotation, schedule: schedule.spread(name) });
  }
  app.synth();
  return path.join(outdir, 'stacks/fleet');
}

function fleetIn({ account }: LocalAws, secrets: number): Fleet {
  const shared = account.functions.find(FUNCTION);
  const policy = account.roles.find(shared?.configuration.Role.split('/').at(-1) ?? '')?.inlinePolicies.get('rotation');
  return {
    secrets,
    policyBytes: policy?.replaceAll(/\s/g, '').length ?? Number.NaN,
    permissionStatements: shared?.statements.length ?? Number.NaN,
  };
}

function namesOf(secrets: number): string[] {
  return Array.from({ length: secrets }, (_, index) => `${PREFIX}${index}`);
}

function untilMidnightMs({ account }: LocalAws): number {
  return DAY_MS - (account.clock.now().getTime() % DAY_MS);
}

function hashOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE();
}
