// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform's own interpolation
import { chmodSync, copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkStack } from '../../commands/check-stack/check-stack.ts';
import { hasTerraform, missingTerraform, terraformCli } from '../../harness/terraform-cli.ts';
import { runTerraform, writeOverrides } from '../../harness/terraform-folder.ts';
import { first, type Json, StackToAttack } from '../commands/check-stack/stack-to-attack.ts';

/** What Terraform ends with where nothing is done about an attack, and what check-stack says of it. */
interface Attack {
  readonly change: (stack: Json, program: string) => void;
  readonly refused: string;
  readonly args: readonly string[];
}

/** The stack without what needs a provider: such an attack needs none. */
function bare(stack: Json): Json {
  for (const section of ['resource', 'data', 'provider', 'output']) delete stack[section];
  return stack;
}

const attacks: Readonly<Record<string, Attack>> = {
  'credential_process in a file that the provider is told to read': {
    change: (stack) =>
      Object.assign(stack.provider.aws[0], { shared_config_files: ['assets/config'], profile: 'attack' }),
    refused: 'cdk.tf.json: provider.aws.shared_config_files',
    args: ['plan', '-refresh=false'],
  },
  'local-exec in a resource': {
    change: (stack, program) => {
      bare(stack).resource = { terraform_data: { attack: { provisioner: [{ 'local-exec': { command: program } }] } } };
    },
    refused: 'cdk.tf.json: resource.terraform_data',
    args: ['apply', '-auto-approve'],
  },
  'a file of the machine in an output': {
    change: (stack, program) => {
      bare(stack).output = { leak: { value: `\${file("${program}")}` } };
    },
    refused: 'cdk.tf.json: output.leak.value',
    args: ['plan'],
  },
};

describe.skipIf(!hasTerraform)(`With the real Terraform${missingTerraform}`, { timeout: 120_000 }, () => {
  let folder: string;
  let program: string;
  let sign: string;
  beforeAll(() => StackToAttack.synthesize());
  afterAll(() => StackToAttack.removeAll());
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'rotaform-attack-'));
    sign = path.join(folder, 'was-here');
    program = path.join(folder, 'program');
    writeFileSync(program, `#!/bin/sh\n: marker-of-the-machine\ntouch '${sign}'\nexit 1\n`);
    chmodSync(program, 0o755);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function attacked({ change }: Attack): StackToAttack {
    const stack = new StackToAttack().change((json) => change(json, program));
    writeFileSync(
      stack.file('assets/config'),
      `[profile attack]\nregion = us-east-1\ncredential_process = ${program}\n`,
    );
    return stack;
  }

  it.each(Object.entries(attacks))('%s works where nothing is checked', async (_, attack) => {
    const { folder: stack } = attacked(attack);
    copyFileSync(terraformCli().lockFile, path.join(stack, '.terraform.lock.hcl'));
    writeOverrides(stack);
    const { output } = await runTerraform(stack, attack.args, {}).ended;
    expect([output.includes('marker-of-the-machine'), existsSync(sign)], output).toContain(true);
  });

  it.each(Object.entries(attacks))('%s is refused by check-stack', (_, attack) => {
    const places = checkStack(attacked(attack).folder).refusals.map(({ place }) => place);
    expect(places).toContain(attack.refused);
  });

  it('an accepted stack is valid with the base branch’s lock file, in the folder that it was copied to', async () => {
    const copy = path.join(folder, 'accepted');
    checkStack(new StackToAttack().folder).copyTo(copy);
    copyFileSync(terraformCli().lockFile, path.join(copy, '.terraform.lock.hcl'));
    writeOverrides(copy);
    const { exitCode, output } = await runTerraform(copy, ['validate'], {}).ended;
    expect({ exitCode, output }).toMatchObject({ exitCode: 0, output: expect.stringContaining('Success!') });
  });

  it('so is all that teams add to what the constructs write', async () => {
    const copy = path.join(folder, 'accepted');
    const condition = [
      { condition: "${contains(['test'], var.stage)}".replaceAll("'", '"'), error_message: 'No test.' },
    ];
    const stack = new StackToAttack().change((json) => {
      const { resource } = json;
      Object.assign(first(json, 'resource', 'aws_iam_role'), { path: '/teams/', max_session_duration: 3600 });
      const kms_key_arn = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
      for (const type of ['aws_lambda_function', 'aws_scheduler_schedule']) {
        Object.assign(first(json, 'resource', type), { kms_key_arn });
      }
      json.variable.stage = { type: 'string', default: 'test', validation: condition };
      json.variable.teams = { type: 'map(object({ size = optional(number, 3) }))', default: {} };
      json.output.own = { value: '${var.stage == "test" ? [1, 2][0] : upper("a")}', precondition: condition };
      json.moved = [
        { from: 'module.old["a"].aws_iam_role.b', to: `aws_iam_role.${Object.keys(resource.aws_iam_role)[0]}` },
      ];
      json.import = [{ to: 'aws_iam_role.imported', id: 'a' }];
      resource.aws_iam_role.imported = { assume_role_policy: '{}' };
    });
    const { refusals, copyTo } = checkStack(stack.folder, stack.ownList({ variable: ['stage', 'teams'] }));
    expect(refusals).toEqual([]);
    copyTo(copy);
    copyFileSync(terraformCli().lockFile, path.join(copy, '.terraform.lock.hcl'));
    writeOverrides(copy);
    const { exitCode, output } = await runTerraform(copy, ['validate'], {}).ended;
    expect({ exitCode, output }).toMatchObject({ exitCode: 0, output: expect.stringContaining('Success!') });
  });
});
