import { expect, it } from 'vitest';
import { rotatePassword } from '../../harness/rotate-password.ts';
import { STATE_FILE } from '../../harness/terraform-cli.ts';
import type { TerraformFolder } from '../../harness/terraform-folder.ts';
import type { LocalAws } from '../../local/local-aws.ts';

/** A secret with a password that was applied, by the constructs or by the module. */
export interface Applied {
  readonly aws: LocalAws;
  readonly terraform: TerraformFolder;
  readonly secretName: string;
  /** The address of its first version. */
  readonly version: string;
  readonly stateOfFirstApply: string;
  /** Whatever Terraform prints. */
  readonly said: string[];
}

/** The value that applications read. */
export function liveValue({ aws, secretName }: Pick<Applied, 'aws' | 'secretName'>): string {
  const { stages, versions } = aws.account.secrets.find(secretName) ?? { stages: new Map(), versions: new Map() };
  return versions.get(stages.get('AWSCURRENT'))?.value.SecretString;
}

/** Rotates, and says the new value. */
export async function rotateLive(applied: Pick<Applied, 'aws' | 'secretName'>): Promise<string> {
  const before = liveValue(applied);
  expect(await rotatePassword(applied.aws, applied.secretName)).toBe('succeeded');
  expect(liveValue(applied)).not.toBe(before);
  return liveValue(applied);
}

/** What Terraform's state may go through, and the live password is still the one that rotation made. */
const DISTURBANCES: Readonly<Record<string, (applied: Applied) => Promise<void>>> = {
  'its first version is replaced': (applied) => apply(applied, `-replace=${applied.version}`),
  'its first version is tainted': async (applied) => {
    await applied.terraform.succeed(['taint', applied.version]);
    await apply(applied);
  },
  'Terraform forgets its first version': async (applied) => {
    await applied.terraform.succeed(['state', 'rm', applied.version]);
    await apply(applied);
  },
  'the first state is restored': async (applied) => {
    applied.terraform.write(STATE_FILE, applied.stateOfFirstApply);
    await apply(applied);
  },
  'a version is imported': async (applied) => {
    const { aws, terraform, secretName, version } = applied;
    const { arn = '', stages } = aws.account.secrets.find(secretName) ?? {};
    await terraform.succeed(['state', 'rm', version]);
    await terraform.succeed(['import', version, `${arn}|${stages?.get('TERRAFORM_INITIAL')}`]);
    await apply(applied);
  },
};

async function apply({ terraform, said }: Applied, ...args: string[]): Promise<void> {
  said.push(await terraform.apply(...args));
}

/** The tests of what Terraform can lose, for a secret that was applied and has rotated once. */
export function itKeepsTheLivePassword(rotationCounts: readonly number[], applied: () => Applied): void {
  it(`has nothing to change after ${rotationCounts.join(', ')} rotations`, async () => {
    let rotations = 1;
    for (const wanted of rotationCounts) {
      for (; rotations < wanted; rotations += 1) await rotateLive(applied());
      expect(await applied().terraform.plan(), `after ${rotations} rotations`).toEqual([]);
    }
  });

  it('has nothing to change after AWS forgot the versions without labels', async () => {
    const { aws, terraform, secretName } = applied();
    aws.account.secrets.forgetUnlabelledVersions(secretName);
    expect(aws.account.secrets.find(secretName)?.versions.size).toBe(3);
    expect(await terraform.plan()).toEqual([]);
  });

  it.each(Object.entries(DISTURBANCES))('keeps the live password if %s', async (_, disturb) => {
    const current = await rotateLive(applied());
    await disturb(applied());
    expect(liveValue(applied())).toBe(current);
    expect(await applied().terraform.plan()).toEqual([]);
  });
}
