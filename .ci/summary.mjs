// Prints the last line of .ci/run and gives its exit code: summary.mjs FAILED_STEPS REPORTS_FOLDER [ALLOWED_SKIP …]
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const [failedSteps, folder, ...allowedSkips] = process.argv.slice(2);
const tests = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .flatMap((file) => JSON.parse(readFileSync(path.join(folder, file), 'utf8')).testResults)
  .flatMap(({ assertionResults }) => assertionResults);
const titles = (...statuses) => tests.filter((test) => statuses.includes(test.status)).map((test) => test.fullName);

const passed = titles('passed');
const failed = titles('failed');
const skipped = titles('skipped', 'pending', 'todo', 'disabled');
const surprises = new Set(skipped.filter((title) => !allowedSkips.includes(title)));
for (const title of surprises) console.log(`skipped, but not in the list of .ci/run: ${title}`);

const broken = Math.max(failed.length, Number(failedSteps));
console.log(`${passed.length} passed, ${broken} failed, ${skipped.length} skipped`);
process.exitCode = broken > 0 || surprises.size > 0 || passed.length === 0 ? 1 : 0;
