/**
 * How long a function's cold start takes, as a multiple of an empty Node.js process: our archives beside what others deploy,
 * and beside a handler that does nothing.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { bundleTarget } from '../constructs/code/bundle-target.ts';
import { targetNames } from '../rules/targets.ts';
import { installed } from './installed.ts';
import { machine } from './machine.ts';
import { nodeBinary } from './node-binary.ts';

const RUNS = 40;
const password = fileURLToPath(new URL('../lambda/password.ts', import.meta.url));
const HANDLER = 'exports.handler = async () => {};';

/** Each makes the folder that is deployed, with index.js in it. */
const ARCHIVES: Readonly<Record<string, (folder: string) => void>> = {
  'empty handler': (folder) => writeFileSync(path.join(folder, 'index.js'), HANDLER),
  ...Object.fromEntries(targetNames.map((name) => [`rotaform ${name}`, (folder) => bundleTarget(name, folder)])),
  'password, esbuild default': (folder) => {
    const outfile = path.join(folder, 'index.js');
    buildSync({ entryPoints: [password], outfile, bundle: true, platform: 'node', logLevel: 'silent' });
  },
  // As tutorials deploy a Google token: the folder that npm made, zipped.
  'googleapis and the AWS SDK, zipped': (folder) => {
    const packages = ['googleapis', '@aws-sdk/client-secrets-manager'];
    cpSync(installed('googleapis', 'googleapis@188.0.0', '@aws-sdk/client-secrets-manager@3'), folder, {
      recursive: true,
    });
    writeFileSync(path.join(folder, 'index.js'), packages.map((name) => `require('${name}');\n`).join('') + HANDLER);
  },
};

console.log(`Cold start: process start to handler loaded, median of ${RUNS}\n${machine()}\n`);
const rows = Object.entries(ARCHIVES).flatMap(([archive, make]) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-bench-'));
  try {
    make(folder);
    const sizes = sizesOf(folder);
    return [22, 24].map((major) => {
      const node = nodeBinary(major);
      const version = execFileSync(node, ['-p', 'process.version'], { encoding: 'utf8' }).trim();
      const { floor, loaded } = measure(node, path.join(folder, 'index.js'));
      const times = { ms: round(loaded), 'node -e 0, ms': round(floor), ratio: round(loaded / floor) };
      return { archive, node: version, ...sizes, ...times };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
console.table(rows);

/** Of all files; each is deflated alone, as in a ZIP. */
function sizesOf(folder: string) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  let [deflated, bytes] = [0, 0];
  for (const { parentPath, name } of files) {
    const content = readFileSync(path.join(parentPath, name));
    bytes += content.length;
    deflated += deflateRawSync(content, { level: 9, memLevel: 9 }).length;
  }
  return { 'deflated bytes': deflated, bytes };
}

/** Medians in milliseconds; the two take turns, so that whatever else the machine does meets both. */
function measure(node: string, file: string) {
  const floor: number[] = [];
  const loaded: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    floor.push(timed(node, '0'));
    loaded.push(timed(node, `require(${JSON.stringify(file)}).handler`));
  }
  return { floor: median(floor), loaded: median(loaded) };
}

function timed(node: string, code: string): number {
  const start = performance.now();
  // As in Lambda: the region and credentials are in the environment.
  const env = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'unused' };
  execFileSync(node, ['-e', code], { env });
  return performance.now() - start;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
