import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateSecretCommand, DescribeSecretCommand, RotateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { expect, it, onTestFinished } from 'vitest';
import { localAws } from '../../../local/local-aws.ts';
import { snapshot } from '../../../local/state/snapshot.ts';
import { startInProcess } from '../../../testing/in-process-function.ts';
import { clientIn } from '../sdk-clients.ts';
import { rotationFunction, TURNING } from '../secrets-manager/running-account.ts';

const CREATED = 'a'.repeat(32);
const ROTATED = 'b'.repeat(32);

it.each([
  { kind: 'a rotation', RotateImmediately: true, current: ROTATED, moments: 9 },
  { kind: 'a test of the function', RotateImmediately: false, current: CREATED, moments: 2 },
])('$kind that a kill interrupts goes on with its own token, whichever step it was in', async (tried) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-state-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const opened = async (name: string) => {
    const aws = await localAws({ stateFile: path.join(folder, name), startFunction: startInProcess });
    onTestFinished(() => aws.close());
    return aws;
  };
  const before = await opened('state.json');
  const client = clientIn(before);
  const RotationLambdaARN = await rotationFunction(
    { aws: before, client, call: () => Promise.reject(new Error('not called')) },
    TURNING,
  );
  await client.send(new CreateSecretCommand({ Name: 'app/db', SecretString: 'x', ClientRequestToken: CREATED }));

  // What a process that is killed at that moment leaves at most.
  const left: string[] = [];
  for (const event of ['rotationStarted', 'rotationStepStarted', 'rotationStepEnded'] as const) {
    before.account.events.on(event, () => void left.push(JSON.stringify(snapshot(before.accounts()))));
  }
  const { RotateImmediately } = tried;
  const RotationRules = { AutomaticallyAfterDays: 30 };
  await client.send(
    new RotateSecretCommand({
      SecretId: 'app/db',
      ClientRequestToken: ROTATED,
      RotationLambdaARN,
      RotationRules,
      RotateImmediately,
    }),
  );
  expect(await before.rotationSettled('app/db')).toBe('succeeded');
  await before.close();
  expect(left).toHaveLength(tried.moments);

  const stagesIn = async (name: string) => {
    const after = await opened(name);
    const outcome = await after.rotationSettled('app/db');
    const described = await clientIn(after).send(new DescribeSecretCommand({ SecretId: 'app/db' }));
    await after.close();
    return {
      outcome,
      current: currentOf(described.VersionIdsToStages),
      pending: pendingOf(described.VersionIdsToStages),
    };
  };
  for (const [index, text] of left.entries()) {
    writeFileSync(path.join(folder, `${index}.json`), text);
    cpSync(path.join(folder, 'state.json.archives'), path.join(folder, `${index}.json.archives`), { recursive: true });
    const ended = await stagesIn(`${index}.json`);
    expect(ended, `killed at moment ${index}`).toEqual({ outcome: 'succeeded', current: [tried.current], pending: [] });
    // It has ended: a later start does not run it again.
    expect(await stagesIn(`${index}.json`)).toEqual({ ...ended, outcome: undefined });
  }
  expect(await stagesIn('state.json')).toEqual({ outcome: undefined, current: [tried.current], pending: [] });
});

const holding = (stage: string) => (stages: Record<string, string[]> | undefined) =>
  Object.entries(stages ?? {}).flatMap(([versionId, labels]) => (labels.includes(stage) ? [versionId] : []));
const currentOf = holding('AWSCURRENT');
const pendingOf = holding('AWSPENDING');
