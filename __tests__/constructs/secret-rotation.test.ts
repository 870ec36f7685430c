import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { EphemeralVariable, RotatedSecret, Rotation, RotationFunction, Schedule } from '../../constructs/index.ts';
import { synthWarnings } from './synth-warnings.ts';
import { synthesize } from './synthesize.ts';

const schedule = Schedule.cron('0 3 ? * SUN *', { windowHours: 2 });
const singleUser = Rotation.postgres({ strategy: 'single-user' });
const secretArn = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:app/existing-AbCdEf';
const adminSecretArn = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:admin-AbCdEf';

/** What synth warns of, where the secret is declared, existing, or one of a fleet. */
function warningsOf(rotation: Rotation, rotateImmediately?: boolean): string[] {
  return synthWarnings((stack) => {
    const initial = { username: 'app', password: new EphemeralVariable(stack, 'password', 'Of today').stringValue };
    const rotates = { schedule, rotateImmediately };
    new RotatedSecret(stack, 'declared', { name: 'app/declared', rotation, initial, ...rotates });
    RotatedSecret.existing(stack, 'existing', { secretArn, rotation, ...rotates });
    const shared = new RotationFunction(stack, 'fleet', {
      functionName: 'fleet',
      rotation,
      secretNamePrefix: 'fleet/',
    });
    new RotatedSecret(stack, 'shared', { name: 'fleet/shared', rotation: shared, initial, ...rotates });
  });
}

describe('A secret with a target that accepts one password at a time', () => {
  it('comes with a warning that an edit of its schedule rotates it at once', () => {
    for (const rotateImmediately of [undefined, true]) {
      expect(warningsOf(singleUser, rotateImmediately)).toEqual(
        ['app/declared', 'app/existing', 'fleet/shared'].map((name) =>
          expect.stringMatching(new RegExp(`^The secret "${name}" rotates as soon as an edit of its schedule`)),
        ),
      );
    }
  });

  it('comes without a warning if it rotates only in its windows', () => {
    expect(warningsOf(singleUser, false)).toEqual([]);
  });
});

it('A warning is printed even without the CDKTF command line', async () => {
  const printed: string[] = [];
  const print = ({ name, message }: Error) => printed.push(`${name}: ${message}`);
  process.on('warning', print);
  synthesize((stack) => {
    RotatedSecret.existing(stack, 'printed', { secretArn, schedule, rotation: singleUser });
  });
  await setImmediate();
  process.off('warning', print);
  expect(printed).toContainEqual(
    expect.stringMatching(/^RotaformWarning: test\/printed: The secret "app\/existing" rotates/),
  );
});

it.each([
  [
    'two alternating users',
    Rotation.postgres({ strategy: 'alternating-users', admin: { secretArn: adminSecretArn }, users: '{name}' }),
  ],
  ['no user of anything', Rotation.password()],
])('A secret of %s comes without a warning', (_of, rotation) => {
  expect(warningsOf(rotation)).toEqual([]);
});

it('A custom strategy comes with the warning if it says so', () => {
  const entry = 'examples/custom-strategy/api-key.ts';
  expect(warningsOf(Rotation.custom({ entry }))).toEqual([]);
  expect(warningsOf(Rotation.custom({ entry, singleUser: true }))).toHaveLength(3);
});
