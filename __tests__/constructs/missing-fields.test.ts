import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { TerraformVariable } from 'cdktf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  EphemeralVariable,
  RotatedSecret,
  type RotatedSecretProps,
  Rotation,
  Schedule,
} from '../../constructs/index.ts';
import { synthWarnings } from './synth-warnings.ts';

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
let folder: string;

beforeAll(() => {
  mkdirSync(dist, { recursive: true });
  folder = mkdtempSync(path.join(dist, 'missing-fields-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A strategy's file. */
function strategy(name: string, current: string, before = ''): string {
  const file = path.join(folder, name);
  writeFileSync(
    file,
    `import * as v from 'valibot';
    import { rotationHandler, stringFields } from 'rotaform/lambda';
    export const handler = rotationHandler((environment) => {
      ${before}
      return {
        current: ${current}, pending: stringFields('key'),
        create: async () => ({ key: 'new' }), test: async () => {},
      };
    });`,
  );
  return file;
}

type Given = Partial<Pick<RotatedSecretProps, 'initial'>>;

function warnings(entry: string, { initial }: Given = {}, environment: Record<string, string> = {}): string[] {
  return synthWarnings((stack) => {
    const rotation = Rotation.custom({ entry, environment });
    const schedule = Schedule.rate({ days: 30 });
    new RotatedSecret(stack, 'key', { name: 'app/key', rotation, schedule, ...(initial && { initial }) });
  });
}

describe('A custom strategy that needs a field before its first rotation', () => {
  it('causes a warning if nothing provides the field', () => {
    const entry = strategy('needs.ts', "stringFields('account', 'region')");
    const [warning, ...more] = warnings(entry, { initial: { region: 'eu' } });
    expect(warning).toContain(`The strategy ${entry} needs "account" in the secret, and nothing gives it`);
    expect(warning).toContain('Add it to initial');
    expect(more).toEqual([]);
    expect(warnings(entry)).toEqual([expect.stringContaining('needs "account" and "region" in the secret')]);
  });

  it('is warned of for a field within another, by any schema', () => {
    const entry = strategy('nested.ts', 'v.object({ db: v.object({ account: v.string(), port: v.number() }) })');
    expect(warnings(entry, { initial: { db: { port: 5432 } } })).toEqual([
      expect.stringContaining('needs "db.account"'),
    ]);
  });

  it('is not warned of if the field is given, by a literal or by what only Terraform knows', () => {
    const entry = strategy('given.ts', 'v.object({ account: v.pipe(v.string(), v.minLength(99)), host: v.string() })');
    expect(warnings(entry, { initial: { account: 'a', host: 'b' } })).toEqual([]);
    const given = synthWarnings((stack) => {
      const rotation = Rotation.custom({ entry });
      const account = new EphemeralVariable(stack, 'account', 'Of the service').stringValue;
      const host = new TerraformVariable(stack, 'host', {}).stringValue;
      const initial = { account, host: `https://${host}` };
      new RotatedSecret(stack, 'key', { name: 'app/key', rotation, schedule: Schedule.rate({ days: 30 }), initial });
    });
    expect(given).toEqual([]);
  });

  it('is asked with its own environment, and not warned of if it cannot be asked', () => {
    const entry = strategy(
      'asks.ts',
      'stringFields(environment.FIELD)',
      "if (!environment.FIELD) throw new Error('none');",
    );
    expect(warnings(entry, {}, { FIELD: 'account' })).toEqual([expect.stringContaining('needs "account"')]);
    expect(warnings(entry)).toEqual([]);
    const raw = path.join(folder, 'raw.ts');
    writeFileSync(raw, 'export const handler = async () => {};');
    expect(warnings(raw)).toEqual([]);
    expect(warnings(strategy('hangs.ts', "stringFields('a')", 'process.exit(3);'))).toEqual([]);
  });
});
