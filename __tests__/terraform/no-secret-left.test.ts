import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import type { TerraformStack } from 'cdktf';
import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it, onTestFinished } from 'vitest';
import { EphemeralVariable, RotatedSecret, Rotation, Schedule, StaticSecret } from '../../constructs/index.ts';
import { rotatePassword } from '../../harness/rotate-password.ts';
import { hasTerraform, missingTerraform, STATE_FILE } from '../../harness/terraform-cli.ts';
import { StackFolder } from '../../harness/terraform-folder.ts';
import { watchCloudTrail } from '../../local/cloudtrail/watch-cloud-trail.ts';
import { localAws } from '../../local/local-aws.ts';
import { sdkClient } from '../local/secrets-manager/running-account.ts';

/** Values that a writer may change on the way: each is looked for in every writing. */
const VALUES = [
  'correct-horse-battery-staple',
  'a "quote", a \\backslash\\ and a tab\tinside',
  'Grüße & <b>Küsse</b> 🔑 für alle',
  'p@ss/word?with=query&and#hash+plus%20',
  `-----BEGIN KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC'.repeat(8)}\n-----END KEY-----`,
];

const WRITINGS: Readonly<Record<string, (value: string) => string>> = {
  plain: (value) => value,
  JSON: (value) => JSON.stringify(value).slice(1, -1),
  'JSON in JSON': (value) => JSON.stringify(JSON.stringify(value).slice(1, -1)).slice(1, -1),
  Base64: (value) => Buffer.from(value).toString('base64').replace(/.{4}$/, ''),
  'a URL': (value) => encodeURIComponent(value),
  hex: (value) => Buffer.from(value).toString('hex'),
};

/** Where a value stands, and in which writing. */
function leaks(places: ReadonlyMap<string, string>, values: readonly string[]): string[] {
  return values.flatMap((value, index) =>
    Object.entries(WRITINGS).flatMap(([writing, write]) =>
      [...places]
        .filter(([, text]) => text.includes(write(value)))
        .map(([place]) => `value ${index} in ${writing}: ${place}`),
    ),
  );
}

/** The text of every file below a folder, and of every file in a zip there. */
function filesIn(folder: string): [string, string][] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.flatMap((entry) => {
    const file = path.join(entry.parentPath, entry.name);
    const bytes = readFileSync(file);
    const isZip = bytes.subarray(0, 2).toString() === 'PK';
    const inside = isZip ? Object.entries(unzipSync(bytes)) : [];
    return [
      [file, bytes.toString()],
      ...inside.map(([name, content]): [string, string] => [`${file}: ${name}`, strFromU8(content)]),
    ];
  });
}

function declare(stack: TerraformStack): void {
  for (const index of VALUES.keys()) {
    const first = new EphemeralVariable(stack, `first_${index}`, 'What it is today').stringValue;
    new RotatedSecret(stack, `rotated-${index}`, {
      name: `app/rotated-${index}`,
      initial: { username: 'app', password: first },
      rotation: Rotation.password(),
      schedule: Schedule.rate({ days: 30 }),
      rotateImmediately: false,
    });
    new StaticSecret(stack, `static-${index}`, { name: `app/static-${index}`, initial: { key: first } });
  }
}

describe.skipIf(!hasTerraform)(`With the real Terraform${missingTerraform}`, { timeout: 300_000 }, () => {
  it('no value is left in state, plan, output, logs, events or temporary files, in any of six encodings', async () => {
    const temporary = mkdtempSync(path.join(tmpdir(), 'rotaform-left-'));
    onTestFinished(() => rmSync(temporary, { recursive: true }));
    const aws = await localAws({ rotation: { attempts: 1 } });
    onTestFinished(() => aws.close());
    const terraform = new StackFolder(aws.environment, declare);
    onTestFinished(() => terraform.remove());
    const client = sdkClient(aws);
    onTestFinished(() => client.destroy());

    const places = new Map<string, string>();
    const heard = (name: string) => (event: unknown) => {
      places.set(name, `${places.get(name) ?? ''}\n${JSON.stringify(event)}`);
    };
    aws.account.events.on('functionLog', ({ line }) =>
      places.set('function log', `${places.get('function log') ?? ''}\n${line}`),
    );
    aws.account.events.on('call', heard('calls'));
    aws.account.events.on('rotationStepEnded', heard('steps'));
    watchCloudTrail(aws.account, heard('CloudTrail'));

    const scratch = path.join(temporary, 'tmp');
    mkdirSync(scratch);
    const variables = {
      TMPDIR: scratch,
      ...Object.fromEntries(VALUES.map((value, index) => [`TF_VAR_first_${index}`, value])),
    };
    const later = { TMPDIR: scratch };
    const commands: [string[], Record<string, string>][] = [
      [['plan', '-out=first.plan'], variables],
      [['show', '-json', 'first.plan'], later],
      [['apply', 'first.plan'], variables],
      [['plan', '-out=second.plan'], later],
      [['show', '-json'], later],
    ];
    for (const [args, environment] of commands) {
      const { exitCode, output } = await terraform.run(args, environment).ended;
      expect(exitCode, args.join(' ')).toBe(0);
      places.set(`output of terraform ${args.join(' ')}`, output);
    }

    // What was written is there, so that what is looked for below is what went through.
    const current = async (SecretId: string): Promise<string> =>
      (await client.send(new GetSecretValueCommand({ SecretId }))).SecretString ?? '';
    const made: string[] = [];
    for (const [index, value] of VALUES.entries()) {
      expect(JSON.parse(await current(`app/static-${index}`))).toEqual({ key: value });
      expect(JSON.parse(await current(`app/rotated-${index}`))).toMatchObject({ password: value });
      expect(await rotatePassword(aws, `app/rotated-${index}`)).toBe('succeeded');
      made.push(JSON.parse(await current(`app/rotated-${index}`)).password);
    }
    expect(new Set(made).size).toBe(VALUES.length);
    const { exitCode, output } = await terraform.run(['plan'], later).ended;
    expect(exitCode, output).toBe(0);
    places.set('output of the last plan', output);

    for (const [file, text] of [...filesIn(terraform.folder), ...filesIn(scratch)]) places.set(file, text);
    expect([...places.keys()].filter((place) => place.endsWith(STATE_FILE))).toHaveLength(1);
    expect(places.get('function log')).toMatch(/finishSecret/);
    expect(places.get('CloudTrail')).toMatch(/RotationSucceeded/);
    expect(leaks(places, [...VALUES, ...made])).toEqual([]);
    // The search finds what there is.
    expect(leaks(new Map([['here', Buffer.from(`x${VALUES[0]}`.slice(1)).toString('base64')]]), VALUES)).toEqual([
      'value 0 in Base64: here',
    ]);
  });
});

describe('Git', () => {
  it.each(['terraform.my-app.tfstate', 'a/terraform.tfstate.backup', 'a/.terraform/providers/x', 'cdktf.out/x'])(
    'ignores %s',
    (file) => {
      expect(execFileSync('git', ['check-ignore', '--no-index', file], { encoding: 'utf8' }).trim()).toBe(file);
    },
  );
});
