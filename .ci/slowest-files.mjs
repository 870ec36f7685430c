// Prints the ten test files of vitest's JSON report that took longest: slowest-files.mjs REPORT
import { readFileSync } from 'node:fs';
import path from 'node:path';

const { testResults } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const files = testResults.map(({ name, startTime, endTime, assertionResults }) => ({
  file: name.slice(name.lastIndexOf(`${path.sep}__tests__${path.sep}`) + 1),
  seconds: (endTime - startTime) / 1_000,
  tests: assertionResults.length,
}));
for (const { file, seconds, tests } of files.toSorted((one, other) => other.seconds - one.seconds).slice(0, 10)) {
  console.log(`${seconds.toFixed(1).padStart(7)} s  ${file} (${tests} tests)`);
}
const sum = files.reduce((total, { seconds }) => total + seconds, 0);
console.log(`${sum.toFixed(1).padStart(7)} s  in all ${files.length} files, one after the other`);
