/**
 * How long a synth takes and how much memory, for 1, 100 and 1,000 secrets, each with a function of its own; as multiples
 * of a stack with nothing in it. Every run is a process of its own, from its start to its end.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { machine } from './machine.ts';

const RUNS = 5;

interface Program {
  readonly name: string;
  readonly args: readonly string[];
  readonly milliseconds: number[];
  readonly peakMegabytes: number[];
}

function program(name: string, ...args: string[]): Program {
  return { name, args, milliseconds: [], peakMegabytes: [] };
}

function script(file: string): string[] {
  return ['--import', 'tsx', fileURLToPath(new URL(file, import.meta.url))];
}

const node = program('node -e 0', '-p', 'process.resourceUsage().maxRSS');
const empty = program('empty stack', ...script('declare-secrets.ts'), '0');
const programs = [
  node,
  empty,
  ...[1, 100, 1000].map((count) => program(`secrets: ${count}`, ...script('declare-secrets.ts'), String(count))),
];

execFileSync(process.execPath, script('../constructs/code/build-functions.ts'));
for (let run = 0; run < RUNS; run += 1) {
  // They take turns, so that whatever else the machine does meets all of them.
  for (const each of programs) measure(each);
}

const require = createRequire(import.meta.url);
const versions = ['cdktf', '@cdktf/provider-aws', 'constructs', 'tsx'].map(
  (name) => `${name} ${require(`${name}/package.json`).version}`,
);
console.log(`Synth: a process from start to end, median of ${RUNS}\n${machine()}; ${versions.join(', ')}\n`);
console.table(
  programs.map((each) => ({
    synth: each.name,
    ms: Math.round(median(each.milliseconds)),
    '× node': ratio(each.milliseconds, node.milliseconds),
    '× empty stack': ratio(each.milliseconds, empty.milliseconds),
    'peak MB': Math.round(median(each.peakMegabytes)),
    '× empty stack, MB': ratio(each.peakMegabytes, empty.peakMegabytes),
  })),
);

function measure({ args, milliseconds, peakMegabytes }: Program): void {
  const outdir = mkdtempSync(path.join(tmpdir(), 'rotaform-bench-'));
  try {
    const start = performance.now();
    const printed = execFileSync(process.execPath, args, {
      env: { ...process.env, CDKTF_OUTDIR: outdir },
      encoding: 'utf8',
    });
    milliseconds.push(performance.now() - start);
    peakMegabytes.push(Number(printed) / 1024);
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function ratio(values: readonly number[], floor: readonly number[]): string {
  return (median(values) / median(floor)).toFixed(1);
}
