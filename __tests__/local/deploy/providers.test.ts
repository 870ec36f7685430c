// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform's own interpolation
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deploy } from '../../../local/deploy/deploy.ts';
import { type LocalAws, localAws } from '../../../local/local-aws.ts';
import { startInProcess } from '../../../testing/in-process-function.ts';
import { rotatingStack, TURNING_FUNCTION } from './rotating-stack.ts';

const OTHER = '210987654321';

let aws: LocalAws;
let folder: string;

beforeEach(async () => {
  aws = await localAws({ startFunction: startInProcess });
  folder = mkdtempSync(join(tmpdir(), 'rotaform-stack-'));
  mkdirSync(join(folder, 'assets', 'turn'), { recursive: true });
  writeFileSync(join(folder, 'assets', 'turn', 'index.js'), TURNING_FUNCTION);
});

afterEach(async () => {
  await aws.close();
  rmSync(folder, { recursive: true });
});

/** The whole rotating stack once for each provider: each resource with the provider's alias in its name. */
function inEach(aliases: readonly string[]) {
  const copies = aliases.map((alias) => {
    const { resource, data } = rotatingStack();
    const text = JSON.stringify({ resource, data })
      .replaceAll(/(aws_\w+|archive_file)\.(\w+)/g, `$1.$2_${alias}`)
      .replaceAll('turn.zip', `turn-${alias}.zip`);
    const renamed = (types: Record<string, Record<string, object>>) =>
      Object.entries(types).map(([type, blocks]) => [
        type,
        Object.entries(blocks).map(([name, body]) => [
          `${name}_${alias}`,
          { ...body, ...(type.startsWith('aws_') && { provider: `aws.${alias}` }) },
        ]),
      ]) as [string, [string, object][]][];
    const parsed = JSON.parse(text);
    return { resource: renamed(parsed.resource), data: renamed(parsed.data) };
  });
  const merged = (section: 'resource' | 'data') => {
    const types: Record<string, Record<string, object>> = {};
    for (const [type, blocks] of copies.flatMap((copy) => copy[section])) {
      types[type] = { ...types[type], ...Object.fromEntries(blocks) };
    }
    return types;
  };
  const { variable } = rotatingStack();
  return { variable, resource: merged('resource'), data: merged('data') };
}

const deployed = (stack: object) => deploy(stack, aws.account, { folder });

describe('a stack of several providers', () => {
  it('is deployed to two regions and two accounts, each secret rotated by the function of its own provider', async () => {
    await deployed({
      ...inEach(['home', 'ireland', 'other']),
      provider: {
        aws: [
          { alias: 'home', region: 'us-east-1' },
          // A role has one name in all regions of an account.
          { alias: 'ireland', region: 'eu-west-1', assume_role: [{ role_arn: 'arn:aws:iam::333333333333:role/x' }] },
          { alias: 'other', region: 'eu-west-1', assume_role: [{ role_arn: `arn:aws:iam::${OTHER}:role/deployer` }] },
        ],
      },
    });
    const places = [
      { region: 'us-east-1' },
      { region: 'eu-west-1', id: '333333333333' },
      { region: 'eu-west-1', id: OTHER },
    ];
    for (const place of places) {
      const account = aws.account.at(place);
      const arn = account.secrets.find('turn')?.arn ?? '';
      expect(arn).toMatch(`arn:aws:secretsmanager:${account.region}:${account.id}:secret:turn-`);
      expect(await aws.rotationSettled(arn)).toBe('succeeded');
      expect(account.functions.find('turn')?.configuration.FunctionArn).toBe(
        `arn:aws:lambda:${account.region}:${account.id}:function:turn`,
      );
      expect(account.logGroups.find('/aws/lambda/turn')?.arn).toMatch(`:${account.region}:${account.id}:`);
    }
  });

  it.each([
    ['the region of its provider', { aws: [{ region: 'eu-central-1' }] }, {}, 'eu-central-1/123456789012'],
    ['the default region', { aws: [{}] }, {}, 'us-east-1/123456789012'],
    ['the default region, without a provider', {}, {}, 'us-east-1/123456789012'],
    ['a region that is a variable', { aws: [{ region: '${var.where}' }] }, {}, 'sa-east-1/123456789012'],
    [
      'the account of the last role that its provider assumes',
      {
        aws: [
          {
            assume_role: [
              { role_arn: 'arn:aws:iam::333333333333:role/a' },
              { role_arn: `arn:aws:iam::${OTHER}:role/b` },
            ],
          },
        ],
      },
      {},
      `us-east-1/${OTHER}`,
    ],
    [
      'one provider, as Terraform’s JSON may write it',
      { aws: { region: 'eu-north-1' } },
      {},
      'eu-north-1/123456789012',
    ],
    [
      'the region that it names itself',
      { aws: [{ region: 'eu-central-1' }] },
      { region: 'eu-south-1' },
      'eu-south-1/123456789012',
    ],
  ])('is in %s', async (_, provider, attributes, place) => {
    await deployed({
      provider,
      variable: { where: { default: 'sa-east-1' } },
      resource: { aws_secretsmanager_secret: { s: { name: 's', ...attributes } } },
    });
    const holders = aws.accounts().filter(({ secrets }) => secrets.find('s'));
    expect(holders.map(({ region, id }) => `${region}/${id}`)).toEqual([place]);
  });

  it.each([
    ['a provider that is not declared', { provider: {}, alias: 'aws.mars' }, 'REFERENCE', /provider "aws\.mars"/],
    [
      'a region that is none',
      { provider: { aws: [{ region: 'mars' }] } },
      'VALUE',
      /provider\.aws\.region: expected a region/,
    ],
    [
      'a role that is none',
      { provider: { aws: [{ assume_role: [{ role_arn: 'deployer' }] }] } },
      'VALUE',
      /provider\.aws\.assume_role\.role_arn: expected the ARN of a role/,
    ],
  ])('refuses %s', async (_, { provider, alias }: { provider: object; alias?: string }, code, message) => {
    const secret = { name: 's', ...(alias && { provider: alias }) };
    const refused = deployed({ provider, resource: { aws_secretsmanager_secret: { s: secret } } });
    await expect(refused).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });
});
