import { SecretsmanagerSecret } from '@cdktf/provider-aws/lib/secretsmanager-secret/index.js';
import { SecretsmanagerSecretRotation } from '@cdktf/provider-aws/lib/secretsmanager-secret-rotation/index.js';
import {
  SecretsmanagerSecretVersion,
  type SecretsmanagerSecretVersionConfig,
} from '@cdktf/provider-aws/lib/secretsmanager-secret-version/index.js';
import type { TerraformStack } from 'cdktf';
import { RotatedSecret, Rotation, RotationFunction, Schedule } from '../constructs/index.ts';
import { rotatePassword } from '../harness/rotate-password.ts';
import { STATE_FILE } from '../harness/terraform-cli.ts';
import { StackFolder } from '../harness/terraform-folder.ts';
import { type LocalAws, localAws } from '../local/local-aws.ts';

/** What stands in the state where a way leaves it there. */
const FIRST_VALUE = '{"username":"app","password":"first"}';

/** How tutorials and modules declare a rotated secret's first version; the first is ours, which is no such resource. */
const WAYS: Readonly<Record<string, Omit<SecretsmanagerSecretVersionConfig, 'secretId'> | undefined>> = {
  rotaform: undefined,
  secret_string: { secretString: FIRST_VALUE },
  'secret_string, ignore_changes': {
    secretString: FIRST_VALUE,
    lifecycle: { ignoreChanges: ['secret_string', 'version_stages'] },
  },
  secret_string_wo: { secretStringWo: FIRST_VALUE, secretStringWoVersion: 1 },
};

/** What happens between two applies. It may give the next one arguments. */
type Disturbance = (situation: {
  readonly aws: LocalAws;
  readonly terraform: StackFolder;
  readonly firstState: string;
  /** The addresses of the versions. */
  readonly versions: readonly string[];
}) => Promise<readonly string[]> | readonly string[];

const DISTURBANCES: Readonly<Record<string, Disturbance>> = {
  'three rotations': () => [],
  'versions forgotten': ({ aws: { account } }) => {
    for (const { name } of account.secrets.all()) account.secrets.forgetUnlabelledVersions(name);
    return [];
  },
  '-replace': ({ versions }) => versions.map((address) => `-replace=${address}`),
  taint: async ({ terraform, versions }) => {
    for (const address of versions) await terraform.run(['taint', address]).ended;
    return [];
  },
  'state rm': async ({ terraform, versions }) => {
    await terraform.run(['state', 'rm', ...versions]).ended;
    return [];
  },
  'old state restored': ({ terraform, firstState }) => {
    terraform.write(STATE_FILE, firstState);
    return [];
  },
};

/** One row for each way: what became of the live password at each disturbance, how many were lost, and where the first value stands. */
export async function disturbedSecrets(): Promise<Record<string, Record<string, string | number>>> {
  const aws = await localAws();
  const terraform = new StackFolder(aws.environment, declare);
  try {
    await terraform.apply();
    const firstState = terraform.read(STATE_FILE);
    const { resource } = Object(terraform.stackJson);
    const versions = Object.keys(resource.aws_secretsmanager_secret_version).map(
      (name) => `aws_secretsmanager_secret_version.${name}`,
    );
    const rows: Record<string, Record<string, string | number>> = {};
    for (const [disturbance, disturb] of Object.entries(DISTURBANCES)) {
      await rotateThrice(aws);
      const before = liveValues(aws);
      await terraform.apply(...(await disturb({ aws, terraform, firstState, versions })));
      const after = liveValues(aws);
      for (const way of Object.keys(WAYS)) {
        rows[way] = { ...rows[way], [disturbance]: after.get(way) === before.get(way) ? 'kept' : 'LOST' };
      }
    }
    const inState = new Set(stateValues(firstState));
    return Object.fromEntries(
      Object.entries(rows).map(([way, row]) => [
        way,
        {
          ...row,
          lost: Object.values(row).filter((outcome) => outcome === 'LOST').length,
          'value in state': WAYS[way]?.secretString !== undefined && inState.has(FIRST_VALUE) ? 'yes' : 'no',
        },
      ]),
    );
  } finally {
    terraform.remove();
    await aws.close();
  }
}

/** Every way in one stack, and one function that rotates them all. */
function declare(stack: TerraformStack): void {
  const rotation = new RotationFunction(stack, 'function', {
    functionName: 'rotate-bench',
    rotation: Rotation.password(),
    secretNamePrefix: 'bench/',
  });
  const schedule = Schedule.rate({ days: 30 });
  for (const [index, [way, version]] of Object.entries(WAYS).entries()) {
    const name = nameOf(way);
    if (version === undefined) {
      new RotatedSecret(stack, 'ours', { name, initial: { username: 'app' }, rotation, schedule });
      continue;
    }
    const { id: secretId } = new SecretsmanagerSecret(stack, `secret-${index}`, { name });
    new SecretsmanagerSecretRotation(stack, `rotation-${index}`, {
      secretId,
      rotationLambdaArn: rotation.function.arn,
      rotationRules: { scheduleExpression: schedule.scheduleExpression },
      dependsOn: [
        new SecretsmanagerSecretVersion(stack, `version-${index}`, { ...version, secretId }),
        ...rotation.prerequisites,
      ],
    });
  }
}

function nameOf(way: string): string {
  return `bench/${way.replaceAll(/\W+/g, '-')}`;
}

async function rotateThrice(aws: LocalAws): Promise<void> {
  for (const way of Object.keys(WAYS)) {
    await aws.rotationSettled(nameOf(way));
    for (let rotation = 0; rotation < 3; rotation += 1) {
      const outcome = await rotatePassword(aws, nameOf(way));
      if (outcome !== 'succeeded') throw new Error(`${way}: the rotation ${outcome}.`);
    }
  }
}

/** The current value of each way's secret. */
function liveValues({ account }: LocalAws): Map<string, string | undefined> {
  return new Map(
    Object.keys(WAYS).map((way) => {
      const secret = account.secrets.find(nameOf(way));
      return [way, secret?.versions.get(secret.stages.get('AWSCURRENT') ?? '')?.value?.SecretString];
    }),
  );
}

function stateValues(state: string): unknown[] {
  const { resources }: { resources: { instances: { attributes: Record<string, unknown> }[] }[] } = JSON.parse(state);
  return resources.flatMap(({ instances }) => instances.map(({ attributes }) => attributes.secret_string));
}
