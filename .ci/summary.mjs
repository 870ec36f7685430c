// Prints the last line of .ci/run and gives its exit code: summary.mjs REPORT FAILED_STEPS [ALLOWED_SKIP …]
import { readFileSync } from 'node:fs';

const [report, failedSteps, ...allowedSkips] = process.argv.slice(2);
const tests = JSON.parse(readFileSync(report, 'utf8')).testResults.flatMap((file) => file.assertionResults);
const titles = (...statuses) => tests.filter((test) => statuses.includes(test.status)).map((test) => test.fullName);

const passed = titles('passed');
const failed = titles('failed');
const skipped = titles('skipped', 'pending', 'todo', 'disabled');
const surprises = skipped.filter((title) => !allowedSkips.includes(title));
for (const title of surprises) console.log(`skipped, but not in the list of .ci/run: ${title}`);

const broken = Math.max(failed.length, Number(failedSteps));
console.log(`${passed.length} passed, ${broken} failed, ${skipped.length} skipped`);
process.exitCode = broken > 0 || surprises.length > 0 || passed.length === 0 ? 1 : 0;
