import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { RotationStep } from '../../local/account-events.ts';
import { updateFunctionCode } from '../../local/lambda/update-function-code.ts';
import { archiveOf } from '../../testing/archive-of.ts';
import { rdsServer } from '../rds-server.ts';
import { rotatedUser, SINGLE } from './postgres/rotated-user.ts';
import { type DeployedStrategy, deployStrategy } from './rotation/deploy-strategy.ts';

/** Built from commit 2244684, the last one in which the secret said where an administrator logs in. */
const earlier = (name: string) => readFileSync(new URL(`upgrade/earlier-${name}.zip`, import.meta.url));

/** After which step the other archive takes over, if not before the first. */
const MOMENTS: readonly (RotationStep | undefined)[] = [undefined, 'createSecret', 'setSecret', 'testSecret'];
const ways = MOMENTS.flatMap((after) =>
  ['an upgrade', 'a way back'].map((way) => ({ way, after: after ?? 'nothing' })),
);

const server = await rdsServer();

type Deployed = Pick<DeployedStrategy, 'aws' | 'functionArn' | 'rotate' | 'labels' | 'value'>;

/** Rotates with one archive, lets the other take over in the next rotation, and rotates once more. @returns the values */
async function takeOver(deployed: Deployed, name: string, { way, after }: (typeof ways)[number]): Promise<string[]> {
  const { account } = deployed.aws;
  const both = [earlier(name), archiveOf(`lambda/${name}.ts`, true)];
  const [before, later] = way === 'an upgrade' ? both : both.toReversed();
  const use = (ZipFile: Uint8Array = new Uint8Array()) =>
    updateFunctionCode({ FunctionName: deployed.functionArn, ZipFile }, account);
  const values: string[] = [];
  const rotated = async () => {
    expect(await deployed.rotate()).toMatchObject({ outcome: 'succeeded' });
    values.push((await deployed.value()) ?? '');
  };
  await use(before);
  await rotated();
  if (after === 'nothing') await use(later);
  account.events.on('rotationStepEnded', ({ step }) => {
    if (step === after) use(later);
  });
  await rotated();
  await rotated();
  expect(Object.values(await deployed.labels()).toSorted()).toEqual([['AWSCURRENT'], ['AWSPREVIOUS']]);
  return values;
}

describe.each(ways)('After $after, $way', (moment) => {
  it('continues the rotation of a password', async () => {
    const deployed = await deployStrategy({
      entry: 'lambda/password.ts',
      secretString: '{"user":"a","password":"first-one"}',
    });
    const values = await takeOver(deployed, 'password', moment);
    expect(new Set(values).size).toBe(3);
    for (const value of values) expect(JSON.parse(value)).toEqual({ user: 'a', password: expect.any(String) });
  });
});

describe('A PostgreSQL user', { timeout: 120_000 }, () => {
  it.each(ways)('is rotated further after $after, by $way, and its current login works', async (moment) => {
    const user = await rotatedUser(server, { environment: SINGLE });
    const values = await takeOver(user, 'postgres', moment);
    expect(new Set(values).size).toBe(3);
    expect(await server.accepts(await user.login())).toBe(true);
  });
});
