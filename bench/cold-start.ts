/**
 * How long a function's cold start takes, as a multiple of an empty Node.js process: our archive beside the same handler
 * as esbuild bundles it by default, and beside a handler that does nothing.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { bundleFunction } from '../constructs/bundle-function.ts';
import { machine } from './machine.ts';
import { nodeBinary } from './node-binary.ts';

const RUNS = 40;
const entry = fileURLToPath(new URL('../lambda/password.ts', import.meta.url));
const postgres = fileURLToPath(new URL('../lambda/postgres.ts', import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-bench-'));
const archives = {
  empty: path.join(folder, 'empty'),
  rotaform: path.join(folder, 'rotaform'),
  'rotaform, postgres': path.join(folder, 'postgres'),
  'esbuild default': path.join(folder, 'default'),
};

try {
  mkdirSync(archives.empty);
  writeFileSync(path.join(archives.empty, 'index.js'), 'exports.handler = async () => {};');
  bundleFunction(entry, archives.rotaform);
  bundleFunction(postgres, archives['rotaform, postgres']);
  buildSync({
    entryPoints: [entry],
    outfile: path.join(archives['esbuild default'], 'index.js'),
    bundle: true,
    platform: 'node',
    logLevel: 'silent',
  });

  console.log(`Cold start of lambda/password.ts: process start to handler loaded, median of ${RUNS}\n${machine()}\n`);
  const rows = Object.entries(archives).flatMap(([name, archive]) => {
    const code = readFileSync(path.join(archive, 'index.js'));
    const zipped = deflateRawSync(code, { level: 9, memLevel: 9 }).length;
    return [22, 24].map((major) => {
      const node = nodeBinary(major);
      const { floor, loaded } = measure(node, path.join(archive, 'index.js'));
      const version = execFileSync(node, ['-p', 'process.version'], { encoding: 'utf8' }).trim();
      return {
        archive: name,
        node: version,
        'deflated bytes': zipped,
        bytes: code.length,
        ms: round(loaded),
        'node -e 0, ms': round(floor),
        ratio: round(loaded / floor),
      };
    });
  });
  console.table(rows);
} finally {
  rmSync(folder, { recursive: true });
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
