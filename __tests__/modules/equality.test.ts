import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider/index.js';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { App, TerraformStack } from 'cdktf';
import { afterAll, describe, expect, it } from 'vitest';
import { builtModule } from '../../harness/built-module.ts';
import { hasTerraform, missingTerraform } from '../../harness/terraform-cli.ts';
import { writeOverrides } from '../../harness/terraform-folder.ts';
import { ACCOUNT, differences, graphOf, PROVIDER, planOf } from './compared-plans.ts';
import { declareAlarms, declareConstruct } from './construct-of.ts';
import { alarmCallsOf, followedKeys, moduleCallOf } from './module-of.ts';
import { alarmSets, propertySets } from './property-sets.ts';

const COUNT = 80;
const ALARMS = 12;

describe.skipIf(!hasTerraform)(`The module${missingTerraform}`, () => {
  const root = mkdtempSync(path.join(tmpdir(), 'rotaform-equality-'));
  afterAll(() => rmSync(root, { recursive: true }));
  const sets = propertySets(COUNT).map((set, index) => [`set${index}`, set] as const);

  it(`plans what the constructs plan, for ${COUNT} sets of properties of all targets`, {
    timeout: 900_000,
  }, async () => {
    const ours = await planOf(
      constructsFolder(path.join(root, 'constructs'), (stack) => {
        for (const [id, set] of sets) declareConstruct(stack, id, set);
      }),
    );
    const followed = new Map(sets.map(([id, set]) => [id, followedKeys(id, set)]));
    // A module's graph is the same in each of its calls, and takes long for many.
    const each = new Map(sets.map(([, set]) => [set.target, set]));
    const graph = await graphOf(moduleFolder(path.join(root, 'graph'), callsOf([...each])));
    const theirs = await planOf(
      moduleFolder(path.join(root, 'module'), callsOf(sets)),
      { followed },
      graphOfSets(graph, sets),
    );
    expect(sets.flatMap(([id, set]) => differences(ours, theirs, id, set))).toEqual([]);
    const count = [...new Set(sets.map(([, { target }]) => target))].length;
    console.info(`${COUNT} sets of ${count} targets, ${ours.length} resources: 0 differences`);
  });

  it(`plans the alarms that the constructs plan, for ${ALARMS} sets of properties`, { timeout: 900_000 }, async () => {
    const alarms = alarmSets(ALARMS).map((set, index) => [`set${index}`, set] as const);
    const ours = await planOf(
      constructsFolder(path.join(root, 'alarms'), (stack) => {
        for (const [id, set] of alarms) declareAlarms(stack, id, set);
      }),
    );
    const calls = Object.assign({}, ...alarms.map(([id, set]) => alarmCallsOf(id, set)));
    const theirs = await planOf(moduleFolder(path.join(root, 'alarm-module'), calls));
    expect(alarms.flatMap(([id, set]) => differences(ours, theirs, id, set))).toEqual([]);
    console.info(`${ALARMS} sets of alarms, ${ours.length} resources: 0 differences`);
  });
});

type Sets = readonly (readonly [id: string, set: ReturnType<typeof propertySets>[number]])[];

const callsOf = (sets: Sets): Readonly<Record<string, object>> =>
  Object.fromEntries(
    sets.map(([id, set]) => {
      const call = { source: `./rotaform/modules/${set.target}`, ...moduleCallOf(id, set) };
      return [id, JSON.parse(literal(JSON.stringify(call)))];
    }),
  );

/** The graph of a call for each set, from that of one call for each module. */
function graphOfSets(graph: string, sets: Sets): string {
  const lines = graph.split('\n');
  return sets
    .flatMap(([id, { target }]) =>
      lines
        .filter((line) => line.includes(`"module.${target}.`))
        .map((line) => line.replaceAll(`"module.${target}.`, `"module.${id}.`)),
    )
    .join('\n');
}

function constructsFolder(outdir: string, declare: (stack: TerraformStack) => void): string {
  const app = new App({ outdir });
  const stack = new TerraformStack(app, 'test');
  new AwsProvider(stack, 'aws', PROVIDER);
  new ArchiveProvider(stack, 'archive');
  declare(stack);
  app.synth();
  const folder = path.join(outdir, 'stacks/test');
  writeOverrides(folder);
  return folder;
}

function moduleFolder(folder: string, calls: Readonly<Record<string, object>>): string {
  mkdirSync(folder, { recursive: true });
  cpSync(builtModule(), path.join(folder, 'rotaform'), { recursive: true });
  writeFileSync(path.join(folder, 'main.tf.json'), JSON.stringify({ provider: { aws: ACCOUNT }, module: calls }));
  return folder;
}

/** Terraform reads templates in texts. */
const literal = (json: string) => json.replaceAll('${', '$${').replaceAll('%{', '%%{');
